// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_json_list.h"

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/selection.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr std::size_t kDefaultTop = 100;
constexpr std::size_t kMostTop = 999;
constexpr std::string_view kTokenMark = "after-";

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional{number}
                                                                         : std::nullopt;
}

// Where the page begins; nothing for a token that was never given.
std::optional<std::size_t> first_of_page(const GraphCall& call, std::size_t size) {
  const auto token = call.query.find("$skiptoken");
  if (!token.has_value()) {
    return 0;
  }
  if (!token->starts_with(kTokenMark)) {
    return std::nullopt;
  }
  const auto first = number_in(std::string_view{*token}.substr(kTokenMark.size()));
  return first.has_value() && *first < size ? first : std::nullopt;
}

std::string link_to(const GraphCall& call, std::size_t first) {
  std::string link = url_of(call) + '?';
  for (const auto& [name, value] : call.query.all()) {
    if (name != "$skiptoken") {
      link.append(name).append("=").append(percent_encoded(value)).append("&");
    }
  }
  return link + "$skiptoken=" + std::string{kTokenMark} + std::to_string(first);
}

}  // namespace

std::expected<std::size_t, Response> read_top(const GraphCall& call) {
  const auto text = call.query.find("$top");
  if (!text.has_value()) {
    return kDefaultTop;
  }
  const auto top = number_in(*text);
  if (!top.has_value() || *top == 0 || *top > kMostTop) {
    return std::unexpected{bad_request(call, "$top is from 1 to 999.")};
  }
  return *top;
}

Response answer_json_list(const GraphCall& call, std::string_view context, const json::array& all) {
  const auto top = read_top(call);
  if (!top.has_value()) {
    return top.error();
  }
  const auto first = first_of_page(call, all.size());
  if (!first.has_value()) {
    return graph_failure(*call.world,
                         {.status = 400,
                          .code = "Directory_ExpiredPageToken",
                          .message = "The specified page token value is not valid.",
                          .inner_code = {}});
  }
  const std::size_t most = call.site->posture.page_size;
  const std::size_t size = most == 0 ? *top : std::min(*top, most);
  const std::size_t end = std::min(all.size(), *first + size);
  json::object body;
  body["@odata.context"] = context_of(call, context);
  if (end < all.size()) {
    body["@odata.nextLink"] = link_to(call, end);
  }
  body["value"] = json::array(all.begin() + *first, all.begin() + end);
  return json_answer(body);
}

std::expected<json::array, Response> selected(const GraphCall& call,
                                              const json::array& objects,
                                              std::span<const std::string_view> names) {
  const auto select = call.query.find("$select");
  if (!select.has_value()) {
    return objects;
  }
  const std::vector<std::string> wanted = split_trimmed(*select, ',');
  for (const std::string& name : wanted) {
    if (std::ranges::find(names, name) == names.end()) {
      return std::unexpected{
          selection_failure(call, SelectionRefusal{.status = 400, .name = name})};
    }
  }
  json::array told;
  for (const json::value& object : objects) {
    json::object one;
    for (const std::string& name : wanted) {
      const json::value* value = object.as_object().if_contains(name);
      one[name] = value == nullptr ? json::value(nullptr) : *value;
    }
    told.push_back(std::move(one));
  }
  return told;
}

}  // namespace tests::microsoft
