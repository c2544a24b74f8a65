// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// Another process's RocksDB, read while that process writes it: a RocksDB secondary, which shows
/// the database as it was at the last `catch_up`. For one thread.
class SecondaryDatabase {
 public:
  /// Visits a record; false ends the visit.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

  /// Whether there is a database in the folder.
  [[nodiscard]] static bool is_there(const std::filesystem::path& folder);

  /// Opens the database in `folder`. `own` is a folder for the secondary's own use, made if it
  /// needs one. `kUnavailable` if the database cannot be read now.
  [[nodiscard]] static policy::Result<std::unique_ptr<SecondaryDatabase>> open(
      const std::filesystem::path& folder, const std::filesystem::path& own);

  SecondaryDatabase(const SecondaryDatabase&) = delete;
  SecondaryDatabase& operator=(const SecondaryDatabase&) = delete;
  SecondaryDatabase(SecondaryDatabase&&) = delete;
  SecondaryDatabase& operator=(SecondaryDatabase&&) = delete;
  ~SecondaryDatabase();

  /// Takes what has been written since. After a failure the database must be opened anew.
  [[nodiscard]] policy::Result<void> catch_up();

  /// Whether the folder is still the one that was opened.
  [[nodiscard]] bool is_in_place() const;

  [[nodiscard]] policy::Result<std::optional<std::string>> get(std::string_view key) const;

  /// Visits the records whose key is greater, in their order.
  [[nodiscard]] policy::Result<void> for_each_after(std::string_view key,
                                                    const Visitor& visit) const;

  /// Visits the records whose key is less, the last first; an empty key stands for the end.
  [[nodiscard]] policy::Result<void> for_each_before(std::string_view key,
                                                     const Visitor& visit) const;

 private:
  struct State;
  explicit SecondaryDatabase(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace directory
