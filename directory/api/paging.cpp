// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/paging.h"

#include "directory/api/answer.h"
#include "directory/api/routes.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/base64.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

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

std::string ListCursor::text() const {
  return policy::encode_base64url(join_key({directory.organization, directory.directory, id}));
}

std::expected<std::optional<ListCursor>, Problem> cursor_of(const ApiRequest& request) {
  const std::string_view text = query_value(request, "after");
  if (text.empty()) {
    return std::nullopt;
  }
  const auto octets = policy::decode_base64url(text);
  const auto parts = octets.has_value() ? split_key(*octets) : std::vector<std::string>{};
  if (parts.size() != 3) {
    return refuse_request("'after' must be the 'next' of the page before");
  }
  return ListCursor{.directory = {.organization = parts[0], .directory = parts[1]}, .id = parts[2]};
}

bool ListPage::is_past(const DirectoryKey& key) {
  const bool begins_here = !after_.has_value() || after_->directory == key;
  if (!is_begun_ && !begins_here) {
    return true;
  }
  if (is_begun_) {
    after_.reset();
  }
  is_begun_ = true;
  return is_full_;
}

std::string ListPage::begin_after() const {
  return after_.has_value() ? after_->id : "";
}

bool ListPage::looks_at(const DirectoryKey& key, const std::string& id) {
  if (found_.size() == limit_ || looked_at_ == most_looked_at_) {
    is_full_ = true;
    return false;
  }
  ++looked_at_;
  last_ = {.directory = key, .id = id};
  return true;
}

ApiResult ListPage::finish(std::string_view name) {
  if (!is_begun_ && after_.has_value()) {
    return refuse_request("the directory where the list goes on is gone; begin it anew");
  }
  boost::json::object object;
  object[name] = std::move(found_);
  object["next"] = is_full_ ? boost::json::value(last_.text()) : boost::json::value(nullptr);
  return answer(boost::json::serialize(object));
}

}  // namespace directory
