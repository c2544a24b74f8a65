// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/paging.h"
#include "directory/api/routes.h"
#include "directory/clock.h"
#include "directory/detections/detection_counts.h"
#include "directory/detections/detections.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::size_t kDays = 30;
constexpr std::size_t kRanked = 10;

std::string date_of(std::int64_t day) {
  const std::chrono::sys_days date{std::chrono::days{day}};
  const std::chrono::year_month_day parts{date};
  return fmt::format("{:04}-{:02}-{:02}",
                     static_cast<int>(parts.year()),
                     static_cast<unsigned>(parts.month()),
                     static_cast<unsigned>(parts.day()));
}

json::object to_json(const std::map<std::string, std::uint64_t>& counts) {
  json::object object;
  for (const auto& [word, times] : counts) {
    object[word] = times;
  }
  return object;
}

json::array to_json(const std::vector<DayCount>& days) {
  json::array array;
  for (const DayCount& day : days) {
    array.emplace_back(json::object{{"day", date_of(day.day)},
                                    {"total", day.total},
                                    {"findings", to_json(day.findings)},
                                    {"dispositions", to_json(day.dispositions)},
                                    {"matches", to_json(day.matches)},
                                    {"actions", to_json(day.actions)}});
  }
  return array;
}

json::object to_json(const Ranking& ranking, std::string_view what, bool by_organization) {
  json::array names;
  for (const RankedName& each : ranking.names) {
    json::object name;
    if (by_organization) {
      name["organization"] = each.organization;
    }
    name[what] = each.name;
    name["total"] = each.total;
    names.emplace_back(std::move(name));
  }
  return {{"names", std::move(names)}, {"uncounted", ranking.uncounted}};
}

std::expected<std::size_t, Problem> days_of(const ApiRequest& request) {
  if (query_value(request, "days").empty()) {
    return kDays;
  }
  const auto number = number_of(request, "days");
  if (!number.has_value()) {
    return std::unexpected{number.error()};
  }
  if (*number == 0 || *number > DetectionCounts::kMostDays) {
    return refuse_request("'days' must be 1 to " + std::to_string(DetectionCounts::kMostDays));
  }
  return *number;
}

ApiResult count_detections(const ApiServices& services, const ApiRequest& request) {
  const auto number = days_of(request);
  if (!number.has_value()) {
    return std::unexpected{number.error()};
  }
  const CountFilter filter{.organizations = request.principal.organizations,
                           .organization = std::string{query_value(request, "organization")},
                           .mode = std::string{query_value(request, "mode")}};
  const std::int64_t first = day_of(now_in_seconds()) - static_cast<std::int64_t>(*number) + 1;
  const Detections* const detections = services.detections;
  const DetectionCounts none;
  const DetectionCounts& counts = detections == nullptr ? none : detections->counts();
  json::object object;
  object["configured"] = detections != nullptr;
  object["complete"] = detections == nullptr || detections->are_counts_whole();
  object["days"] = to_json(counts.days(filter, first, *number));
  object["people"] = to_json(counts.top_people(filter, first, *number, kRanked), "person", true);
  object["senders"] =
      to_json(counts.top_senders(filter, first, *number, kRanked), "address", false);
  return answer(json::serialize(object));
}

}  // namespace

std::vector<Route> statistics_routes() {
  return {{Access::kRead,
           "GET",
           "statistics/detections",
           &count_detections,
           {"days", "organization", "mode"}}};
}

}  // namespace directory
