// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/session/judge.h"
#include "gateway/snapshot/current_generation.h"
#include "policy/config/problems.h"
#include "policy/guarded.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/result.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/policy.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// The detector over one open generation, which it keeps open.
[[nodiscard]] std::shared_ptr<const policy::Detector> make_detector(
    std::shared_ptr<const OpenGeneration> generation,
    std::shared_ptr<const policy::DecorationLexicon> lexicon);

/// The decoration lexicon in `path`, or the built-in one if there is no such file; an error in
/// `problems` if it cannot be read or is wrong.
[[nodiscard]] std::shared_ptr<const policy::DecorationLexicon> load_lexicon(
    const std::filesystem::path& path, policy::Problems& problems);

/// The catalogue of delegated senders in `path`, or the built-in one if there is no such file;
/// errors in `problems` if it cannot be read or is wrong.
[[nodiscard]] std::shared_ptr<const policy::DelegatedSenders> load_delegated_senders(
    const std::filesystem::path& path, policy::Problems& problems);

/// Where the policy stands, and the data files beside it that may replace the built-in ones.
struct PolicyFiles {
  std::filesystem::path policy;
  std::filesystem::path decorations;
  std::filesystem::path delegated_senders;
  std::filesystem::path outbound_tenants;  ///< anywhere; empty: there are none
};

/// What was found when the policy's files, or that of outbound tenants, were looked at.
struct PolicyReload {
  enum class Outcome { kUnchanged, kReloaded, kRefused };

  Outcome outcome = Outcome::kUnchanged;
  policy::Problems problems;  ///< errors with `kRefused`, warnings with `kReloaded`
};

/// Holds the policy, the generation and the outbound tenants in force, and replaces them while
/// messages are judged. `get` and `facts` are for any thread, all else is for one.
class InForceSource {
 public:
  InForceSource(PolicyFiles files,
                std::filesystem::path snapshots,
                std::chrono::milliseconds stale_after);

  /// Reads the policy and its data files if one of them has changed since the last call, or if
  /// `even_if_unchanged`. Refused, the last good ones stay in force.
  PolicyReload refresh_policy(bool even_if_unchanged);

  /// The same for the file of outbound tenants, which may come later.
  PolicyReload refresh_outbound_tenants(bool even_if_unchanged);

  /// Looks for another generation (`SnapshotHolder::refresh`).
  Refresh refresh_snapshot();

  /// What a message that starts now is judged by. Not to be called before there is a policy.
  [[nodiscard]] InForce get() const;

  /// What is known of the generation that is served.
  struct SnapshotFacts {
    std::shared_ptr<const OpenGeneration> generation;  ///< null if there is none
    std::chrono::seconds age{0};                       ///< since it was last known to be right
    bool has_trouble = false;  ///< the generation in force on the disk is not the one served
  };

  [[nodiscard]] SnapshotFacts snapshot_facts() const;

 private:
  struct Loaded {
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const policy::DecorationLexicon> lexicon;
    std::shared_ptr<const policy::DelegatedSenders> delegated_senders;
    std::shared_ptr<const OpenGeneration> generation;  // of the detector
    std::shared_ptr<const policy::Detector> detector;
  };

  // Nothing if one of the files is wrong.
  [[nodiscard]] std::optional<Loaded> read_files(policy::Problems& problems);
  [[nodiscard]] std::string identity_of_files() const;
  void note_confirmation(std::chrono::system_clock::time_point confirmed);
  [[nodiscard]] std::chrono::steady_clock::duration age() const;

  // Constant after construction.
  PolicyFiles files_;
  std::chrono::milliseconds stale_after_;

  // For any thread.
  policy::Guarded<Loaded> loaded_;
  policy::Guarded<std::shared_ptr<const OutboundTenants>> outbound_tenants_;  // null: none read
  SnapshotHolder snapshots_;
  // When the generation was last known to be right, by the clock that never jumps.
  std::atomic<std::chrono::steady_clock::duration> confirmed_;

  // For the thread that refreshes.
  std::string files_identity_;
  std::optional<std::chrono::system_clock::time_point> last_confirmation_;
  std::string outbound_tenants_identity_;
  std::vector<std::filesystem::path> list_files_;  // of the policy that was last read
  // Generations that messages may still be judged by. Closing one takes a while, which none of
  // their sessions shall spend.
  std::vector<std::shared_ptr<const OpenGeneration>> retired_;
};

}  // namespace gateway
