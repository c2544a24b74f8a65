// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/snapshot_view.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// The database of a generation, opened read-only: it writes nothing and takes no lock.
class DatabaseReader final : public policy::RecordSource {
 public:
  [[nodiscard]] static policy::Result<std::unique_ptr<const DatabaseReader>> open(
      const std::filesystem::path& database);

  DatabaseReader(const DatabaseReader&) = delete;
  DatabaseReader& operator=(const DatabaseReader&) = delete;
  DatabaseReader(DatabaseReader&&) = delete;
  DatabaseReader& operator=(DatabaseReader&&) = delete;
  ~DatabaseReader() override;

  [[nodiscard]] policy::Result<std::optional<std::string>> get(std::string_view key) const override;

  /// How many records the database says it has. It is asked of its files, not counted.
  [[nodiscard]] policy::Result<policy::RecordCounts> counts() const;

  /// Reads every block of every file and checks its checksum.
  [[nodiscard]] policy::Result<void> verify_blocks() const;

  /// Visits the records from `first_key` on, in order, as long as `visit` returns true.
  [[nodiscard]] policy::Result<void> for_each_from(
      std::string_view first_key,
      const std::function<policy::Result<bool>(std::string_view, std::string_view)>& visit) const;

 private:
  struct State;
  explicit DatabaseReader(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace directory
