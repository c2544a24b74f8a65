// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "policy/snapshot/generation_encoder.h"
#include "policy/snapshot/records.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace directory {

/// Builds the database of a generation from records that come kind by kind in ascending order.
class DatabaseWriter final : public policy::RecordSink {
 public:
  /// `database` and `scratch` are folders that are not there yet, on one file system. The parent of
  /// both is.
  DatabaseWriter(std::filesystem::path database, std::filesystem::path scratch);
  DatabaseWriter(const DatabaseWriter&) = delete;
  DatabaseWriter& operator=(const DatabaseWriter&) = delete;
  DatabaseWriter(DatabaseWriter&&) = delete;
  DatabaseWriter& operator=(DatabaseWriter&&) = delete;
  ~DatabaseWriter() override;

  [[nodiscard]] policy::Result<void> put(policy::RecordKind kind,
                                         std::string_view key,
                                         std::string_view value) override;

  /// Puts the database together and closes it. It is not yet flushed to the disk.
  [[nodiscard]] policy::Result<void> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory
