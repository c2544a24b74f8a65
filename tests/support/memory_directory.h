// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_encoder.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/snapshot_view.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

using Records = std::map<std::string, std::string, std::less<>>;

/// Keeps the records of a generation in memory.
class MemorySink final : public policy::RecordSink {
 public:
  [[nodiscard]] policy::Result<void> put(policy::RecordKind kind,
                                         std::string_view key,
                                         std::string_view value) override;

  Records records;
};

/// Answers from records in memory.
class MemorySource final : public policy::RecordSource {
 public:
  explicit MemorySource(Records records) : records_(std::move(records)) {}

  [[nodiscard]] policy::Result<std::optional<std::string>> get(std::string_view key) const override;

 private:
  Records records_;
};

/// What an encoder makes of these people, sorted by organization, and its manifest without files.
struct MemoryGeneration {
  Records records;
  policy::Manifest manifest;
};

[[nodiscard]] policy::Result<MemoryGeneration> encode_generation(
    const std::vector<policy::Organization>& organizations,
    const std::vector<policy::Person>& people,
    std::uint64_t generation = 1);

/// A directory of these people, as a published generation would answer: through the real keys,
/// records and view, in memory. People are numbered in their order, which is that of their
/// organizations. Throws std::runtime_error if the encoder refuses them.
[[nodiscard]] std::unique_ptr<const policy::DirectoryView> make_memory_directory(
    const std::vector<policy::Organization>& organizations,
    const std::vector<policy::Person>& people,
    std::uint64_t generation = 1);

}  // namespace tests
