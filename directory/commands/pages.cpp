// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/pages.h"

#include "directory/commands/admin_session.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::size_t kLargestPage = 1000;

}  // namespace

json::object Pages::to_json(std::string_view list) && {
  json::object object;
  object[list] = std::move(entries);
  object["next"] = next.empty() ? json::value(nullptr) : json::value(next);
  return object;
}

std::optional<Pages> get_pages(AdminSession& session,
                               const std::string& target,
                               std::string_view list,
                               std::size_t most) {
  Pages pages;
  do {
    const std::size_t wanted = std::min(most - pages.entries.size(), kLargestPage);
    const std::string page_of = with_parameter(target, "limit", std::to_string(wanted));
    const auto body =
        session.get(pages.next.empty() ? page_of : with_parameter(page_of, "after", pages.next));
    if (!body.has_value()) {
      return std::nullopt;
    }
    json::value page = json::parse(*body);
    for (json::value& entry : page.at(list).as_array()) {
      pages.entries.push_back(std::move(entry));
    }
    const json::value& next = page.at("next");
    pages.next = next.is_null() ? "" : std::string{next.as_string()};
  } while (!pages.next.empty() && pages.entries.size() < most);
  return pages;
}

}  // namespace directory
