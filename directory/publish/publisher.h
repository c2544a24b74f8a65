// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/publish/folder_lock.h"
#include "policy/event.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_encoder.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/records.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace directory {

struct PublisherSettings {
  std::filesystem::path state;      ///< made if need be
  std::filesystem::path snapshots;  ///< made if need be; readable by all
  std::size_t keep_generations = 3;
};

using PersonVisitor = std::function<policy::Result<void>(const policy::Person&)>;

/// What a generation is made of.
struct GenerationContent {
  std::vector<policy::Organization> organizations;
  std::vector<policy::SourceSync> sources;
  /// Hands over each person, ordered by organization and then always in the same order. Passes on
  /// what the visitor returns. Called once.
  std::function<policy::Result<void>(const PersonVisitor&)> for_each_person;
};

/// What came of publishing.
struct Publication {
  std::uint64_t generation = 0;  ///< the one now in force
  bool is_new = false;           ///< false: the content is that of the generation in force
  policy::RecordCounts records;
};

/// The one writer of a snapshots folder. What is on the disk at each instant is told in
/// policy/snapshot/SNAPSHOT_FORMAT.md.
class Publisher {
 public:
  /// Locks both folders (`kBusy` if another process works there) and sweeps what a crash left.
  /// `log` must outlive the publisher.
  [[nodiscard]] static policy::Result<Publisher> open(PublisherSettings settings,
                                                      const policy::EventLog& log);

  /// Publishes the content as a new generation, or, if it is that of the generation in force and
  /// that one is sound, sets its time to now. After a failure the generation in force is the one
  /// it was.
  [[nodiscard]] policy::Result<Publication> publish(const GenerationContent& content);

  [[nodiscard]] const std::filesystem::path& snapshots() const { return settings_.snapshots; }

 private:
  struct Draft;

  Publisher(PublisherSettings settings,
            const policy::EventLog& log,
            FolderLock state_lock,
            FolderLock snapshots_lock);

  [[nodiscard]] policy::Result<void> sweep();
  [[nodiscard]] policy::Result<Publication> publish_draft(const GenerationContent& content,
                                                          const Draft& draft);
  [[nodiscard]] policy::Result<Publication> complete(policy::Manifest manifest, const Draft& draft);
  [[nodiscard]] policy::Result<void> put_in_force(std::uint64_t generation,
                                                  const Draft& draft) const;
  [[nodiscard]] policy::Result<void> remove_old_generations(std::uint64_t in_force) const;

  PublisherSettings settings_;
  const policy::EventLog* log_;
  FolderLock state_lock_;
  FolderLock snapshots_lock_;
};

}  // namespace directory
