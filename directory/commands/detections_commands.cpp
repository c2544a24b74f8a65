// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/clock.h"
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/point_in_time.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigtimedwait is POSIX

namespace directory {
namespace {

namespace json = boost::json;

constexpr const char* kDetections = "/api/v1/detections";

// Options that are query keys of the same name.
constexpr std::array<std::string_view, 9> kFilters{"organization",
                                                   "finding",
                                                   "match",
                                                   "action",
                                                   "disposition",
                                                   "rule",
                                                   "person",
                                                   "address",
                                                   "text"};

// The list that the options ask for; nothing if one of them is wrong.
std::optional<std::string> target_of(AdminSession& session, const AdminOptions& options) {
  std::string target = with_options(kDetections, options, kFilters);
  for (const std::string_view key : {"since", "until"}) {
    if (!options.has(key)) {
      continue;
    }
    const auto time = parse_point_in_time(options.value(key), now_in_seconds());
    if (!time.has_value()) {
      session.fail(policy::ExitStatus::kUsage,
                   fmt::format("--{} takes a date (2026-11-22), how long ago (90s, 15m, 24h, 7d) "
                               "or seconds since 1970",
                               key));
      return std::nullopt;
    }
    target = with_parameter(std::move(target), key, std::to_string(*time));
  }
  return target;
}

void say_that_none_are_read(AdminSession& session) {
  session.fail(policy::ExitStatus::kConfiguration,
               "detections are not read; name the gateway's folder as 'detections' in "
               "directory.yaml");
}

std::string joined(const json::value& texts) {
  std::string all;
  for (const json::value& text : texts.as_array()) {
    all += (all.empty() ? "" : ", ") + std::string{text.as_string()};
  }
  return all;
}

std::string noted_text(const json::value& noted) {
  std::string all;
  for (const json::value& each : noted.as_array()) {
    all += (all.empty() ? "" : "; ") + text_of(each, "match") + ": " + text_of(each, "reason");
  }
  return all;
}

// What was done; in parentheses where it was decided alone.
std::string shown_action(const json::value& detection) {
  const std::string action = text_of(detection, "action");
  const bool is_done = detection.at("decides").as_bool() && text_of(detection, "mode") == "enforce";
  return is_done ? action : "(" + action + ")";
}

void print_watched(const json::value& detection, bool as_json) {
  if (as_json) {
    fmt::print("{}\n", json::serialize(detection));
    return;
  }
  print_line(fmt::format("{}  {}  {}  {}  {}  {}",
                         shown_time(number_of(detection, "time")),
                         text_of(detection, "organization"),
                         shown_action(detection),
                         text_of(detection, "match"),
                         text_of(detection, "reason"),
                         text_of(detection, "id")));
}

// From here on the two signals that end a program are waited for, and interrupt nothing.
class EndSignals {
 public:
  EndSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  // Whether one of them comes within a second.
  [[nodiscard]] bool wait() const {
    const timespec second{.tv_sec = 1, .tv_nsec = 0};
    return ::sigtimedwait(&signals_, nullptr, &second) > 0;
  }

 private:
  sigset_t signals_{};
};

// Those newer than `after`, the newest first; the last element of the pages says how far it is.
struct News {
  std::vector<json::value> detections;
  std::string newest;  // id; empty if there is none at all
};

std::optional<News> ask_for_news(AdminSession& session,
                                 const std::string& target,
                                 const std::string& after) {
  News news;
  std::string before;
  do {
    std::string page_of = with_parameter(target, "limit", "1000");
    if (!after.empty()) {
      page_of = with_parameter(std::move(page_of), "after", after);
    }
    if (!before.empty()) {
      page_of = with_parameter(std::move(page_of), "before", before);
    }
    const auto body = session.get(page_of);
    if (!body.has_value()) {
      return std::nullopt;
    }
    const json::value answer = json::parse(*body);
    if (before.empty() && answer.at("newest").is_string()) {
      news.newest = text_of(answer, "newest");
    }
    const json::array& page = answer.at("detections").as_array();
    news.detections.insert(news.detections.end(), page.begin(), page.end());
    before = answer.at("next").is_string() ? text_of(answer, "next") : "";
  } while (!before.empty());
  return news;
}

}  // namespace

void detections_list(AdminSession& session, const AdminOptions& options) {
  const auto target = target_of(session, options);
  if (!target.has_value()) {
    return;
  }
  const auto answer =
      to_show(session.get(with_options(*target, options, {"limit", "before"})), options);
  if (!answer.has_value()) {
    return;
  }
  if (!answer->at("configured").as_bool()) {
    say_that_none_are_read(session);
    return;
  }
  TextTable table{{"TIME", "ORGANIZATION", "PERSON", "MATCH", "ADDRESS", "ACTION", "ID"}};
  for (const json::value& each : answer->at("detections").as_array()) {
    table.add({shown_time(number_of(each, "time")),
               text_of(each, "organization"),
               text_of(each, "person"),
               text_of(each, "match"),
               text_of(each, "address"),
               shown_action(each),
               text_of(each, "id")});
  }
  table.print();
  if (answer->at("next").is_string()) {
    fmt::print(stderr, "go on with --before {}\n", text_of(*answer, "next"));
  }
}

void detections_show(AdminSession& session, const AdminOptions& options) {
  const auto detection =
      to_show(session.get(api_path({"detections", options.arguments.at(0)})), options);
  if (!detection.has_value()) {
    return;
  }
  TextTable table{{"WHAT", "VALUE"}};
  table.add({"time", shown_time(number_of(*detection, "time"))});
  for (const std::string_view name :
       {"organization", "reason",        "finding",     "match",          "field",
        "person",       "address",       "disposition", "action",         "mode",
        "rule",         "shadow_action", "shadow_rule", "message_id",     "queue_id",
        "client",       "helo",          "mail_from",   "authentication", "policy"}) {
    table.add({std::string{name}, text_of(*detection, name)});
  }
  table.add({"decides", detection->at("decides").as_bool() ? "yes" : "no"});
  table.add({"generation", std::to_string(number_of(*detection, "generation"))});
  table.add({"recipients",
             fmt::format("{} ({})",
                         joined(detection->at("recipients")),
                         number_of(*detection, "recipient_count"))});
  table.add({"reply_to", joined(detection->at("reply_to"))});
  for (const json::value& shown : detection->at("shown").as_array()) {
    table.add({"shown", std::string{shown.as_string()}});
  }
  table.add({"from", text_of(*detection, "from")});
  table.add({"noted", noted_text(detection->at("noted"))});
  if (const json::value& mark = detection->at("mark"); mark.is_object()) {
    table.add({"mark",
               fmt::format("{} by {}, {}",
                           text_of(mark, "verdict"),
                           text_of(mark, "who"),
                           shown_time(number_of(mark, "time")))});
    table.add({"mark note", text_of(mark, "note")});
  }
  table.print();
}

void detections_watch(AdminSession& session, const AdminOptions& options) {
  const EndSignals end;
  const auto target = target_of(session, options);
  if (!target.has_value()) {
    return;
  }
  const auto first = session.get(with_parameter(kDetections, "limit", "1"));
  if (!first.has_value()) {
    return;
  }
  const json::value answer = json::parse(*first);
  if (!answer.at("configured").as_bool()) {
    say_that_none_are_read(session);
    return;
  }
  std::string newest = answer.at("newest").is_string() ? text_of(answer, "newest") : "";
  while (!end.wait()) {
    const auto news = ask_for_news(session, *target, newest);
    if (!news.has_value()) {
      return;
    }
    for (const json::value& each : std::views::reverse(news->detections)) {
      print_watched(each, options.has("json"));
    }
    if (std::fflush(stdout) != 0) {
      session.fail(policy::ExitStatus::kIoError, "standard output takes no more");
      return;
    }
    newest = news->newest.empty() ? newest : news->newest;
  }
}

}  // namespace directory
