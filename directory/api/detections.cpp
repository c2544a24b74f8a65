// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detections.h"

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/detection_marks.h"
#include "directory/api/paging.h"
#include "directory/api/routes.h"
#include "directory/detections/detection_filter.h"
#include "directory/store/state_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::size_t kShown = 50;

// Absent if the query does not have it.
std::expected<std::optional<policy::Ulid>, Problem> id_of(const ApiRequest& request,
                                                          std::string_view name) {
  const std::string_view text = query_value(request, name);
  if (text.empty()) {
    return std::nullopt;
  }
  const auto id = policy::Ulid::parse(text);
  if (!id.has_value()) {
    return refuse_request("'" + std::string{name} + "' must be the id of a detection");
  }
  return id;
}

std::expected<std::optional<std::int64_t>, Problem> time_of(const ApiRequest& request,
                                                            std::string_view name) {
  const auto seconds = number_of(request, name);
  if (!seconds.has_value()) {
    return std::unexpected{seconds.error()};
  }
  if (query_value(request, name).empty()) {
    return std::nullopt;
  }
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(*seconds < kMost ? *seconds : kMost);
}

std::expected<DetectionFilter, Problem> filter_of(const ApiRequest& request) {
  const auto since = time_of(request, "since");
  const auto until = time_of(request, "until");
  if (!since.has_value() || !until.has_value()) {
    return std::unexpected{since.has_value() ? until.error() : since.error()};
  }
  DetectionFilter filter;
  filter.organizations = request.principal.organizations;
  filter.organization = query_value(request, "organization");
  filter.finding = query_value(request, "finding");
  filter.match = query_value(request, "match");
  filter.action = query_value(request, "action");
  filter.disposition = query_value(request, "disposition");
  filter.rule = query_value(request, "rule");
  filter.person = query_value(request, "person");
  filter.address = query_value(request, "address");
  filter.text = query_value(request, "text");
  filter.since = *since;
  filter.until = *until;
  return filter;
}

std::expected<DetectionRange, Problem> range_of(const ApiRequest& request) {
  const auto before = id_of(request, "before");
  const auto after = id_of(request, "after");
  if (!before.has_value() || !after.has_value()) {
    return std::unexpected{before.has_value() ? after.error() : before.error()};
  }
  const auto limit = limit_of(request, kShown);
  if (!limit.has_value()) {
    return std::unexpected{limit.error()};
  }
  return DetectionRange{
      .before = *before, .after = after->value_or(policy::Ulid{}), .limit = *limit};
}

std::string id_or_null(const policy::Ulid& id) {
  return id.is_nil() ? "null" : '"' + id.text() + '"';
}

// Records are JSON already, and are not read again to be put into a list.
policy::Result<std::string> to_json(const StateReader& reader,
                                    const DetectionPage& page,
                                    bool is_configured) {
  std::string text = "{\"configured\":";
  text += is_configured ? "true" : "false";
  text += ",\"detections\":[";
  std::string_view separator;
  for (const policy::DetectionRecord& record : page.records) {
    text += separator;
    const auto marked = marked_json(reader, record);
    if (!marked.has_value()) {
      return std::unexpected{marked.error()};
    }
    text += *marked;
    separator = ",";
  }
  text += "],\"next\":" + id_or_null(page.next.value_or(policy::Ulid{}));
  text += ",\"newest\":" + id_or_null(page.newest);
  text += ",\"damaged\":" + std::to_string(page.damaged) + '}';
  return text;
}

ApiResult list_detections(const ApiServices& services, const ApiRequest& request) {
  auto filter = filter_of(request);
  const auto range = range_of(request);
  if (!filter.has_value() || !range.has_value()) {
    return std::unexpected{filter.has_value() ? range.error() : filter.error()};
  }
  if (services.detections == nullptr) {
    return answer(to_json(*services.database, {}, false).value_or(""));
  }
  const auto page = services.detections->list(*std::move(filter), *range);
  if (!page.has_value()) {
    return refuse(page.error());
  }
  auto text = to_json(*services.database, *page, true);
  return text.has_value() ? ApiResult{answer(*std::move(text))} : refuse(text.error());
}

ApiResult show_detection(const ApiServices& services, const ApiRequest& request) {
  const std::string& text = request.captures.at(0);
  const auto id = policy::Ulid::parse(text);
  policy::Result<std::optional<policy::DetectionRecord>> found{std::nullopt};
  if (id.has_value() && services.detections != nullptr) {
    found = services.detections->find(*id);
  }
  if (!found.has_value()) {
    return refuse(found.error());
  }
  const std::optional<policy::DetectionRecord>& record = *found;
  if (!record.has_value() || !request.principal.may_see(record->organization)) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "there is no detection " + text + " (any more)"});
  }
  auto marked = marked_json(*services.database, *record);
  return marked.has_value() ? ApiResult{answer(*std::move(marked))} : refuse(marked.error());
}

}  // namespace

std::vector<Route> detection_routes() {
  return {{Access::kRead,
           "GET",
           "detections",
           &list_detections,
           {"organization",
            "finding",
            "match",
            "action",
            "disposition",
            "rule",
            "person",
            "address",
            "text",
            "since",
            "until",
            "limit",
            "before",
            "after"}},
          {Access::kRead, "GET", "detections/{}", &show_detection}};
}

}  // namespace directory
