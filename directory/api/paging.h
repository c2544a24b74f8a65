// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/routes.h"
#include "directory/store/directory_key.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {

/// How many entries are asked for: query key `limit`, 1 to 1000.
[[nodiscard]] std::expected<std::size_t, Problem> limit_of(const ApiRequest& request,
                                                           std::size_t otherwise);

/// The number that a query key has; 0 if it is not there.
[[nodiscard]] std::expected<std::uint64_t, Problem> number_of(const ApiRequest& request,
                                                              std::string_view name);

/// How far a list that goes through directories is: the last thing that was looked at.
struct ListCursor {
  DirectoryKey directory;
  std::string id;

  /// As the query key `after` has it; to be handed back as it is.
  [[nodiscard]] std::string text() const;
};

/// Where the list goes on; nothing: from its beginning.
[[nodiscard]] std::expected<std::optional<ListCursor>, Problem> cursor_of(
    const ApiRequest& request);

/// One page of a list that goes through directories. A page ends when it is full, and also when so
/// many things were looked at that others would have to wait; it then says where to go on.
class ListPage {
 public:
  /// Some tens of milliseconds, where things are read one after the other.
  static constexpr std::size_t kMostLookedAt = 20'000;

  ListPage(std::size_t limit,
           std::optional<ListCursor> after,
           std::size_t most_looked_at = kMostLookedAt)
      : limit_(limit), most_looked_at_(most_looked_at), after_(std::move(after)) {}

  /// Whether this directory was gone through by earlier pages. To be asked for each directory, in
  /// their order.
  [[nodiscard]] bool is_past(const DirectoryKey& key);

  /// The id after which to begin in the directory that was asked for last.
  [[nodiscard]] std::string begin_after() const;

  /// Whether there is room for one more; to be asked for each thing before it is looked at.
  [[nodiscard]] bool looks_at(const DirectoryKey& key, const std::string& id);

  void add(boost::json::object object) { found_.emplace_back(std::move(object)); }

  /// The answer: the list under `name`, and `next`, null at its end. 400 if the directory where it
  /// was to go on is gone.
  [[nodiscard]] ApiResult finish(std::string_view name);

 private:
  std::size_t limit_;
  std::size_t most_looked_at_;
  std::optional<ListCursor> after_;
  bool is_begun_ = false;
  std::size_t looked_at_ = 0;
  ListCursor last_;
  bool is_full_ = false;
  boost::json::array found_;
};

}  // namespace directory
