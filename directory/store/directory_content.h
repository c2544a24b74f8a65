// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {

/// A user as the source has it. Of a CSV directory: `id` is the Email, `mail` too, and
/// `proxy_addresses` are the secondary emails.
struct StoredUser {
  std::string id;
  std::string display_name;
  std::string given_name;
  std::string surname;
  std::string mail;
  std::string user_principal_name;
  std::string user_type;                     ///< `Member`, `Guest` or empty
  std::vector<std::string> proxy_addresses;  ///< as they are, with `SMTP:`
  std::vector<std::string> other_mails;
  bool is_enabled = true;

  friend bool operator==(const StoredUser&, const StoredUser&) = default;
};

/// A group as the source has it. Of a CSV directory: `id` is the folded name.
struct StoredGroup {
  std::string id;
  std::string display_name;
  std::string mail;
  std::vector<std::string> proxy_addresses;

  friend bool operator==(const StoredGroup&, const StoredGroup&) = default;
};

enum class StoredMemberKind : char { kUser = 'u', kGroup = 'g', kOther = 'o' };

/// How much a set holds.
struct SetCounts {
  std::uint64_t users = 0;
  std::uint64_t groups = 0;
  std::uint64_t memberships = 0;  ///< direct ones

  friend bool operator==(const SetCounts&, const SetCounts&) = default;
};

/// `kFull` stages a whole new set, which replaces the one in force; `kDelta` stages what changes of
/// the one in force.
enum class RoundKind { kFull, kDelta };

/// A round that is under way, or is held because its result shrinks.
struct RoundState {
  RoundKind kind = RoundKind::kFull;
  std::string source;      ///< what it reads; becomes `SyncState::source`
  std::uint64_t set = 0;   ///< where its pages are staged
  std::string users_link;  ///< what to ask next; a delta link once `users_done`
  std::string groups_link;
  bool users_done = false;
  bool groups_done = false;
  bool is_held = false;
  bool is_merging = false;  ///< a big delta is being put in force; only the store sees this
  std::uint64_t pages = 0;
  std::int64_t started = 0;  ///< seconds since 1970

  friend bool operator==(const RoundState&, const RoundState&) = default;
};

/// What is known of the reading of one directory.
struct SyncState {
  std::uint64_t live_set = 0;  ///< the set in force; 0: never read
  std::string source;  ///< what `live_set` was read from: tenant, query, or the digest of a file
  std::string users_delta_link;
  std::string groups_delta_link;
  SetCounts counts;  ///< of the set in force, kept by `put_in_force`
  std::optional<RoundState> round;
  bool is_started = false;        ///< a person has started the first sync, or it starts by itself
  std::int64_t last_success = 0;  ///< seconds since 1970; 0: never
  std::int64_t last_attempt = 0;
  std::string last_failure;  ///< what went wrong at the last attempt; empty if nothing

  friend bool operator==(const SyncState&, const SyncState&) = default;
};

/// What would be if the round were put in force.
struct RoundWeight {
  SetCounts before;
  SetCounts after;
  std::uint64_t users_removed = 0;  ///< of those in force, how many would be gone
  std::uint64_t memberships_removed = 0;
};

/// One page of a round: its changes, with the state that says how far the round is, are written
/// together or not at all. Reads see what the round has so far, and for a delta the set in force
/// below it. `state` is the one of the round; the database must outlive the page.
class StagedPage {
 public:
  StagedPage(StateDatabase& database, DirectoryKey key, const SyncState& state);
  StagedPage(const StagedPage&) = delete;
  StagedPage& operator=(const StagedPage&) = delete;
  StagedPage(StagedPage&&) = delete;
  StagedPage& operator=(StagedPage&&) = delete;
  ~StagedPage();

  [[nodiscard]] policy::Result<std::optional<StoredUser>> user(const std::string& id) const;
  void put_user(const StoredUser& user);
  void remove_user(const std::string& id);

  [[nodiscard]] policy::Result<std::optional<StoredGroup>> group(const std::string& id) const;
  void put_group(const StoredGroup& group);

  /// Removes the group with its members. If it comes back in the same round it begins empty. That
  /// it is a member of other groups stays, as of a user that is removed.
  void remove_group(const std::string& id);

  /// Adds a membership, whether or not the group or the member is known already.
  void put_member(const std::string& group, const std::string& member, StoredMemberKind kind);
  void remove_member(const std::string& group, const std::string& member);

  /// Octets that wait to be written.
  [[nodiscard]] std::size_t octets() const;

  /// Writes the page with this state, which is of the same round. The page is used up. `kBusy`
  /// while a round of this directory is being put in force.
  [[nodiscard]] policy::Result<void> commit(const SyncState& state);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The sets of users, groups and memberships of all directories, and how far their reading is. Have
/// one for a database, and use it on one thread.
class DirectoryContent {
 public:
  /// Ends what a crash left half done: goes on with a merge, sweeps sets that nobody refers to.
  [[nodiscard]] static policy::Result<DirectoryContent> open(StateDatabase& database);

  DirectoryContent(DirectoryContent&&) noexcept = default;
  DirectoryContent& operator=(DirectoryContent&&) noexcept = default;
  DirectoryContent(const DirectoryContent&) = delete;
  DirectoryContent& operator=(const DirectoryContent&) = delete;
  ~DirectoryContent() = default;

  /// The state; that of a directory never read if there is none. Where the disk has refused to go
  /// on with a merge, it is ended first.
  [[nodiscard]] policy::Result<SyncState> sync_state(const DirectoryKey& key) const;

  /// Writes the state. A set that it does not refer to any more is removed.
  [[nodiscard]] policy::Result<void> put_sync_state(const DirectoryKey& key,
                                                    const SyncState& state);

  /// A state with a new round of this kind, which takes the place of one under way. A delta begins
  /// with the delta links in force, and needs a set in force. Not yet written.
  [[nodiscard]] SyncState with_new_round(SyncState state, RoundKind kind, std::int64_t now);

  /// Weighs the round of the state.
  [[nodiscard]] policy::Result<RoundWeight> weigh(const DirectoryKey& key,
                                                  const SyncState& state) const;

  /// Puts the round of the state in force: it becomes what `ContentView` shows, its links the
  /// delta links, and the state has no round any more. What is in force meanwhile is the old or the
  /// new content after a crash, never a mixture. Returns the state as written. Of a delta over 4
  /// MiB that the disk refuses half way, `ContentView::open` fails until `sync_state` has ended it.
  [[nodiscard]] policy::Result<SyncState> put_in_force(const DirectoryKey& key, SyncState state);

  /// Throws the round away; the set in force stays.
  [[nodiscard]] policy::Result<SyncState> drop_round(const DirectoryKey& key, SyncState state);

  /// Forgets the directory: sets and state.
  [[nodiscard]] policy::Result<void> forget(const DirectoryKey& key);

  [[nodiscard]] StateDatabase& database() const { return *database_; }

 private:
  DirectoryContent(StateDatabase& database, std::uint64_t newest_set)
      : database_(&database), newest_set_(newest_set) {}

  StateDatabase* database_;
  std::uint64_t newest_set_;  // the number that was given out last; no two directories share one
};

/// The set in force of one directory, as `reader` has it. A directory never read has nobody. Not
/// thread-safe.
class ContentView {
 public:
  /// `kUnavailable` if a merge was left half done, see `DirectoryContent::put_in_force`.
  [[nodiscard]] static policy::Result<ContentView> open(std::shared_ptr<const StateReader> reader,
                                                        const DirectoryKey& key);

  [[nodiscard]] const SyncState& sync_state() const { return sync_state_; }

  /// Visits the users whose id is greater than `after` (empty: all) in the order of their ids, each
  /// with the ids of the groups that it is a direct member of, sorted. Memory is bounded: one user
  /// at a time. False ends the visit.
  [[nodiscard]] policy::Result<void> for_each_user(
      const std::function<policy::Result<bool>(
          const StoredUser& user, const std::vector<std::string>& direct_groups)>& visit,
      const std::string& after = {}) const;

  /// Visits the groups whose id is greater than `after` (empty: all) in the order of their ids;
  /// false ends the visit.
  [[nodiscard]] policy::Result<void> for_each_group(
      const std::function<policy::Result<bool>(const StoredGroup&)>& visit,
      const std::string& after = {}) const;

  /// Visits the memberships of groups in groups.
  [[nodiscard]] policy::Result<void> for_each_nesting(
      const std::function<void(const std::string& group, const std::string& member_group)>& visit)
      const;

  [[nodiscard]] policy::Result<std::optional<StoredUser>> user(const std::string& id) const;
  [[nodiscard]] policy::Result<std::optional<StoredGroup>> group(const std::string& id) const;

  /// The direct groups of a user or group, sorted.
  [[nodiscard]] policy::Result<std::vector<std::string>> direct_groups(
      const std::string& member) const;

  /// Visits the direct members of a group in the order of their ids; false ends the visit.
  [[nodiscard]] policy::Result<void> for_each_member(
      const std::string& group,
      const std::function<policy::Result<bool>(const std::string& member, StoredMemberKind kind)>&
          visit) const;

 private:
  class GroupsByMember;

  ContentView(std::shared_ptr<const StateReader> reader, SyncState sync_state);

  std::shared_ptr<const StateReader> reader_;
  SyncState sync_state_;
  std::shared_ptr<GroupsByMember> groups_by_member_;
};

}  // namespace directory
