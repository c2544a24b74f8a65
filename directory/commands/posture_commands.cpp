// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/job_progress.h"
#include "directory/commands/pages.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

constexpr std::size_t kShown = 100;

// Options that are query keys of the same name.
constexpr std::array<std::string_view, 7> kFilters{
    "organization", "directory", "finding", "category", "severity", "state", "text"};

// `keys: A, B; days: 120`, or why it could not be looked at.
std::string evidence_of(const json::value& finding) {
  std::string text;
  for (const json::value& field : finding.at("evidence").as_array()) {
    std::string values;
    for (const json::value& value : field.at("values").as_array()) {
      values += (values.empty() ? "" : ", ") + std::string{value.as_string()};
    }
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", text_of(field, "name"), values);
  }
  return text.empty() ? text_of(finding, "reason") : text;
}

// The number of `--limit`; nothing if it is none.
std::optional<std::size_t> limit_of(AdminSession& session, const AdminOptions& options) {
  if (!options.has("limit")) {
    return kShown;
  }
  const std::string text = options.value("limit");
  std::size_t limit = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, limit).ptr != end || limit == 0) {
    session.fail(ExitStatus::kUsage, "--limit takes a number from 1 on");
    return std::nullopt;
  }
  return limit;
}

std::string export_target(const AdminOptions& options, std::string_view format) {
  return with_options(
      with_parameter("/api/v1/posture/export", "format", format), options, kFilters);
}

void write_file(AdminSession& session, const std::string& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  if (!file) {
    session.fail(ExitStatus::kIoError, "cannot write " + path);
  }
}

}  // namespace

void posture_scan(AdminSession& session, const AdminOptions& options) {
  json::object body;
  if (options.has("directory")) {
    body["directory"] = options.value("directory");
  }
  begin_job(session, options, "/api/v1/posture/scans", json::serialize(body));
}

void posture_status(AdminSession& session, const AdminOptions& options) {
  const auto body = session.get("/api/v1/posture/scans");
  if (!body.has_value()) {
    return;
  }
  if (options.has("json")) {
    print_line(*body);
    return;
  }
  const json::value answer = json::parse(*body);
  TextTable table{{"DIRECTORY", "LAST FINISHED", "NOW", "TROUBLE"}};
  for (const json::value& scan : answer.at("scans").as_array()) {
    const std::string phase = text_of(scan, "phase");
    std::string trouble = text_of(scan, "failure");
    for (const json::value& unread : scan.at("unread").as_array()) {
      trouble += (trouble.empty() ? "" : "; ") + std::string{unread.as_string()};
    }
    table.add({text_of(scan, "organization") + "/" + text_of(scan, "directory"),
               shown_time(scan.at("finished").to_number<std::int64_t>()),
               phase == "none" ? "" : phase,
               trouble});
  }
  table.print();
}

void posture_findings(AdminSession& session, const AdminOptions& options) {
  if (options.has("json")) {
    if (const auto body = session.get(export_target(options, "json")); body.has_value()) {
      fmt::print("{}", *body);
    }
    return;
  }
  const auto limit = limit_of(session, options);
  if (!limit.has_value()) {
    return;
  }
  const auto pages = get_pages(
      session, with_options("/api/v1/posture/findings", options, kFilters), "findings", *limit);
  if (!pages.has_value()) {
    return;
  }
  TextTable table{{"SEVERITY", "STATE", "FINDING", "SUBJECT", "EVIDENCE"}};
  for (const json::value& finding : pages->entries) {
    table.add({text_of(finding, "severity"),
               text_of(finding, "state"),
               text_of(finding, "title"),
               text_of(finding.at("subject"), "label"),
               evidence_of(finding)});
  }
  table.print();
  if (!pages->next.empty()) {
    fmt::print(stderr, "there are more; show them with --limit, or: posture export\n");
  }
}

void posture_export(AdminSession& session, const AdminOptions& options) {
  const std::string format = options.has("format") ? options.value("format") : "csv";
  const auto body = session.get(export_target(options, options.has("json") ? "json" : format));
  if (!body.has_value()) {
    return;
  }
  if (options.has("output")) {
    write_file(session, options.value("output"), *body);
  } else {
    fmt::print("{}", *body);
  }
}

}  // namespace directory
