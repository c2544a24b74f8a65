// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/snapshot_view.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The records of a generation in its RocksDB database, opened read-only. Thread-safe.
class GenerationDatabase final : public policy::RecordSource {
 public:
  [[nodiscard]] static policy::Result<std::unique_ptr<const GenerationDatabase>> open(
      const std::filesystem::path& folder);

  GenerationDatabase(const GenerationDatabase&) = delete;
  GenerationDatabase& operator=(const GenerationDatabase&) = delete;
  GenerationDatabase(GenerationDatabase&&) = delete;
  GenerationDatabase& operator=(GenerationDatabase&&) = delete;
  ~GenerationDatabase() override;

  [[nodiscard]] policy::Result<std::optional<std::string>> get(std::string_view key) const override;

  /// How many records of each kind the tables of the database hold.
  [[nodiscard]] policy::Result<policy::RecordCounts> counts() const;

 private:
  struct State;
  explicit GenerationDatabase(std::unique_ptr<const State> state);

  std::unique_ptr<const State> state_;
};

}  // namespace gateway
