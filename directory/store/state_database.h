// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// The tables of the state database. The numbers are stored: never reuse one.
enum class Table : std::uint8_t {
  kSchema = 1,
  kDirectories = 2,         ///< added ones: organization, name
  kSyncStates = 3,          ///< organization, directory
  kUsers = 4,               ///< set, user id
  kGroups = 5,              ///< set, group id
  kGroupMembers = 6,        ///< set, group id, member id
  kMemberGroups = 7,        ///< set, member id, group id; the same memberships the other way round
  kProtections = 8,         ///< added ones: organization, kind, directory, id
  kSecondaryEmails = 9,     ///< added ones: organization, directory, user id
  kDomains = 10,            ///< domain
  kNotifications = 11,      ///< number
  kAudit = 12,              ///< number
  kConsents = 13,           ///< one-time state of an admin consent under way
  kAccounts = 14,           ///< name
  kSessions = 15,           ///< id
  kTokens = 16,             ///< digest of the secret
  kSetUp = 17,              ///< one record: what the first account may be made with
  kMxSightings = 18,        ///< domain
  kProvisioning = 19,       ///< organization, directory
  kPostureScans = 20,       ///< organization, directory
  kPostureFindings = 21,    ///< organization, directory, finding, type and id of the subject
  kPosturePending = 22,     ///< organization, directory, user id: mailboxes to be looked at
  kPostureRecipients = 23,  ///< organization, directory, legacy address or name in lower case
  kSinks = 30,              ///< name of where notifications are sent
  kDetectionMarks = 31,     ///< id of the detection
  kPulls = 32,              ///< number; searches for messages too
  kPullMailboxes = 33,      ///< number of the pull, user id: mailboxes to be looked into
  kPulledCopies = 34,       ///< number of the pull, user id, id of the copy
};

/// Changes that are written together or not at all.
class StateBatch {
 public:
  StateBatch();
  StateBatch(StateBatch&& other) noexcept;
  StateBatch& operator=(StateBatch&& other) noexcept;
  StateBatch(const StateBatch&) = delete;
  StateBatch& operator=(const StateBatch&) = delete;
  ~StateBatch();

  void put(Table table, std::string_view key, std::string_view value);
  void remove(Table table, std::string_view key);

  /// Removes every key that begins with `prefix`.
  void remove_prefix(Table table, std::string_view prefix);

  /// Octets of keys and values so far.
  [[nodiscard]] std::size_t octets() const;

 private:
  friend class StateDatabase;
  struct State;
  std::unique_ptr<State> state_;
};

/// Visits a record; false ends the visit.
using RecordVisitor =
    std::function<policy::Result<bool>(std::string_view key, std::string_view value)>;

/// Goes through records in order of their keys. A failure ends it like the last record does: ask
/// for `status` then. Must not outlive the reader.
class RecordCursor {
 public:
  RecordCursor() = default;
  RecordCursor(const RecordCursor&) = delete;
  RecordCursor& operator=(const RecordCursor&) = delete;
  RecordCursor(RecordCursor&&) = delete;
  RecordCursor& operator=(RecordCursor&&) = delete;
  virtual ~RecordCursor() = default;

  /// Whether there is a record here; the rest may be asked only then, `status` always.
  [[nodiscard]] virtual bool is_valid() const = 0;

  /// Without the table; good until `advance`.
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual std::string_view value() const = 0;

  virtual void advance() = 0;

  /// Goes to the first record that is not before this key and within the prefix of the cursor.
  /// Much cheaper than a new cursor.
  virtual void seek(std::string_view key) = 0;

  [[nodiscard]] virtual policy::Result<void> status() const = 0;
};

/// What can be read of the state database. Reads are thread-safe.
class StateReader {
 public:
  StateReader() = default;
  StateReader(const StateReader&) = delete;
  StateReader& operator=(const StateReader&) = delete;
  StateReader(StateReader&&) = delete;
  StateReader& operator=(StateReader&&) = delete;
  virtual ~StateReader() = default;

  [[nodiscard]] virtual policy::Result<std::optional<std::string>> get(
      Table table, std::string_view key) const = 0;

  /// The records whose key begins with `prefix` and is not less than `from`, as they are now.
  [[nodiscard]] virtual std::unique_ptr<RecordCursor> cursor(Table table,
                                                             std::string_view prefix,
                                                             std::string_view from) const = 0;

  /// Visits the records of a table whose key is less than `before` (empty: all), the last first.
  [[nodiscard]] virtual policy::Result<void> for_each_backwards(
      Table table, std::string_view before, const RecordVisitor& visit) const = 0;

  /// Visits, in order of their keys, the records whose key begins with `prefix` and is not less
  /// than `from`. Keys are given without the table.
  [[nodiscard]] policy::Result<void> for_each(Table table,
                                              std::string_view prefix,
                                              std::string_view from,
                                              const RecordVisitor& visit) const;
};

/// This daemon's own database. One process alone has it open.
///
/// Beside the files of RocksDB the folder holds `fromguard-state`, which says how far the database
/// was when it was last opened or closed: RocksDB opens a database whose manifest is cut short as
/// an older or an empty one, and removes the files that it then does not know.
class StateDatabase final : public StateReader {
 public:
  /// The schema that this program writes. Older ones are migrated when opened, newer ones refused.
  static constexpr std::uint64_t kSchemaVersion = 1;

  /// Opens or makes the database in `folder`, for its owner alone to read. `kInvalidInput` if it is
  /// damaged or of a newer schema, `kBusy` if somebody else has it.
  [[nodiscard]] static policy::Result<std::unique_ptr<StateDatabase>> open(
      const std::filesystem::path& folder);

  StateDatabase(const StateDatabase&) = delete;
  StateDatabase& operator=(const StateDatabase&) = delete;
  StateDatabase(StateDatabase&&) = delete;
  StateDatabase& operator=(StateDatabase&&) = delete;
  ~StateDatabase() override;

  [[nodiscard]] policy::Result<std::optional<std::string>> get(Table table,
                                                               std::string_view key) const override;
  [[nodiscard]] std::unique_ptr<RecordCursor> cursor(Table table,
                                                     std::string_view prefix,
                                                     std::string_view from) const override;
  [[nodiscard]] policy::Result<void> for_each_backwards(Table table,
                                                        std::string_view before,
                                                        const RecordVisitor& visit) const override;

  /// Writes the batch; when this returns it is on the disk. `kUnavailable` if the disk refuses:
  /// what there was stays readable. After a full disk it may be tried again, after another failure
  /// the database must be opened anew.
  [[nodiscard]] policy::Result<void> commit(StateBatch batch);

  /// The database as it is now, whatever is written later. Must not outlive the database.
  [[nodiscard]] std::shared_ptr<const StateReader> snapshot() const;

 private:
  struct State;
  explicit StateDatabase(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// Parts of a key joined so that keys sort part by part; any octets may be in a part.
[[nodiscard]] std::string join_key(std::initializer_list<std::string_view> parts);

/// The parts of a key made by `join_key`.
[[nodiscard]] std::vector<std::string> split_key(std::string_view key);

}  // namespace directory
