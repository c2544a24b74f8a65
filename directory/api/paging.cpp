// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/paging.h"

#include "directory/api/answer.h"
#include "directory/api/routes.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <system_error>

namespace directory {
namespace {

constexpr std::size_t kMost = 1000;

}  // namespace

std::expected<std::uint64_t, Problem> number_of(const ApiRequest& request, std::string_view name) {
  const std::string_view text = query_value(request, name);
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  if (!text.empty() && !is_whole) {
    return refuse_request("'" + std::string{name} + "' must be a number");
  }
  return number;
}

std::expected<std::size_t, Problem> limit_of(const ApiRequest& request, std::size_t otherwise) {
  const auto limit = number_of(request, "limit");
  if (!limit.has_value()) {
    return std::unexpected{limit.error()};
  }
  if (query_value(request, "limit").empty()) {
    return otherwise;
  }
  if (*limit == 0 || *limit > kMost) {
    return refuse_request("'limit' must be 1 to " + std::to_string(kMost));
  }
  return *limit;
}

}  // namespace directory
