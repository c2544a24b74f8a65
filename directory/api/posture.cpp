// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/directory_meant.h"
#include "directory/api/finding_filter.h"
#include "directory/api/paging.h"
#include "directory/api/posture_export.h"
#include "directory/api/posture_json.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/posture_control.h"
#include "directory/posture/scan_record.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kAccepted = 202;
constexpr std::size_t kShown = 100;

ApiResult list_scans(const ApiServices& services, const ApiRequest& request) {
  const auto standings = services.posture->standings();
  if (!standings.has_value()) {
    return refuse(standings.error());
  }
  json::array list;
  for (const PostureStanding& each : *standings) {
    if (request.principal.may_see(each.key.organization)) {
      list.emplace_back(to_json(each));
    }
  }
  json::object object;
  object["scans"] = std::move(list);
  return answer(json::serialize(object));
}

ApiResult start_scan(const ApiServices& services, const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  const std::string name = fields->text("directory").value_or("");
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  auto key = directory_meant(services, request, name, Feature::kPosture);
  if (!key.has_value()) {
    return std::unexpected{std::move(key).error()};
  }
  const auto job = services.posture->start_scan(*std::move(key));
  if (!job.has_value()) {
    return refuse(job.error());
  }
  return answer(json::serialize(json::object{{"job", *job}}),
                kAccepted,
                "/api/v1/jobs/" + std::to_string(*job));
}

// Adds the findings of one directory until the page is full.
policy::Result<void> add_findings(const StateReader& reader,
                                  const DirectoryKey& key,
                                  const FindingFilter& filter,
                                  ListPage& page) {
  const std::string after = page.begin_after();
  return for_each_finding(reader,
                          join_key({key.organization, key.directory}),
                          after.empty() ? "" : after + '\0',
                          [&](const std::string& at, const KeptFinding& kept) {
                            if (!page.looks_at(key, at)) {
                              return false;
                            }
                            if (filter.admits(kept.finding)) {
                              page.add(to_json(kept));
                            }
                            return true;
                          });
}

ApiResult list_findings(const ApiServices& services, const ApiRequest& request) {
  const auto filter = finding_filter_of(request);
  if (!filter.has_value()) {
    return std::unexpected{filter.error()};
  }
  const auto limit = limit_of(request, kShown);
  const auto cursor = cursor_of(request);
  if (!limit.has_value() || !cursor.has_value()) {
    return std::unexpected{limit.has_value() ? cursor.error() : limit.error()};
  }
  const auto directories = directories_asked(services, request);
  if (!directories.has_value()) {
    return std::unexpected{directories.error()};
  }
  ListPage page{*limit, *cursor};
  for (const DirectoryKey& key : *directories) {
    if (page.is_past(key)) {
      continue;
    }
    const auto added = add_findings(*services.database, key, *filter, page);
    if (!added.has_value()) {
      return refuse(added.error());
    }
  }
  return page.finish("findings");
}

ApiResult summarize_findings(const ApiServices& services, const ApiRequest& request) {
  const auto directories = directories_asked(services, request);
  if (!directories.has_value()) {
    return std::unexpected{directories.error()};
  }
  FindingCounts all;
  for (const DirectoryKey& key : *directories) {
    const auto scan = read_scan(*services.database, key);
    if (!scan.has_value()) {
      return refuse(scan.error());
    }
    for (const auto& [finding, counts] : scan->counts) {
      StateCounts& sum = all[finding];
      sum.open += counts.open;
      sum.resolved += counts.resolved;
      sum.not_evaluated += counts.not_evaluated;
    }
  }
  json::object object;
  object["findings"] = summary_json(all);
  return answer(json::serialize(object));
}

ApiResult write_export(const ApiServices& services, const ApiRequest& request) {
  const auto filter = finding_filter_of(request);
  if (!filter.has_value()) {
    return std::unexpected{filter.error()};
  }
  const std::string_view format = query_value(request, "format");
  if (format != "csv" && format != "json") {
    return refuse_request("format is csv or json", "/format");
  }
  const auto directories = directories_asked(services, request);
  if (!directories.has_value()) {
    return std::unexpected{directories.error()};
  }
  const bool is_csv = format == "csv";
  Answer written = answer("");
  written.content_type = is_csv ? "text/csv; charset=utf-8" : "application/json";
  written.headers = {{"Content-Disposition",
                      "attachment; filename=\"fromguard-posture." + std::string{format} + "\""}};
  written.stream = export_findings(
      *services.database, *directories, *filter, is_csv ? ExportFormat::kCsv : ExportFormat::kJson);
  return written;
}

std::vector<std::string_view> with_finding_keys(std::vector<std::string_view> keys) {
  keys.insert(keys.end(), kFindingKeys.begin(), kFindingKeys.end());
  return keys;
}

}  // namespace

std::vector<Route> posture_routes() {
  return {
      {Access::kRead, "GET", "posture/scans", &list_scans},
      begins_job({Access::kOperate, "POST", "posture/scans", &start_scan}),
      {Access::kRead,
       "GET",
       "posture/findings",
       &list_findings,
       with_finding_keys({"limit", "after"})},
      {Access::kRead, "GET", "posture/summary", &summarize_findings, {"organization", "directory"}},
      {Access::kRead, "GET", "posture/export", &write_export, with_finding_keys({"format"})}};
}

}  // namespace directory
