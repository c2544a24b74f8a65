// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace directory {

// What people have added with commands, console or API, and what the daemon keeps for them. What
// directory.yaml declares is not here. Changes come with who made them and are written together
// with their audit entry.

/// Who changes something: `root`, `uid 1000 (ada)`, `fromguard-directory` itself.
struct Actor {
  std::string name;
};

/// One line of the audit log.
struct AuditEntry {
  std::uint64_t number = 0;  ///< ascending, given when written
  std::int64_t time = 0;     ///< seconds since 1970
  std::string who;
  std::string action;        ///< `group.protect`: stable, in lower case
  std::string subject;       ///< what it was done to, as people know it
  std::string before;        ///< empty if there was nothing
  std::string after;         ///< empty if there is nothing
  std::string organization;  ///< whose it is; empty for what is of the whole installation
};

enum class ProtectionKind : char { kGroup = 'g', kPerson = 'p' };

/// Protection of a group or a person that was added.
struct AddedProtection {
  std::string organization;
  ProtectionKind kind = ProtectionKind::kPerson;
  std::string directory;
  std::string id;     ///< of the group or user in its directory
  std::string label;  ///< display name when it was added, for people
  std::string email;  ///< of a person, primary address when it was added; for the export
};

/// Secondary emails of a person that were added.
struct AddedSecondaryEmails {
  std::string organization;
  std::string directory;
  std::string id;                      ///< of the user in its directory
  std::string email;                   ///< primary address when they were added; for the export
  std::vector<std::string> addresses;  ///< canonical, sorted
};

/// A directory that was added; `settings` is the YAML mapping that would declare it.
struct AddedDirectory {
  DirectoryKey key;
  std::string settings;
};

/// A domain that was imported from a tenant.
struct ImportedDomain {
  std::string domain;  ///< canonical
  DirectoryKey source;
  bool is_default = false;
  bool is_initial = false;
  std::string authentication_type;
  std::string next_hop;           ///< from serviceConfigurationRecords; empty if unknown
  std::string next_hop_override;  ///< from the operator; empty for none
  bool is_relay_enabled = false;
  std::int64_t seen = 0;  ///< when the tenant last had it, seconds since 1970
  /// The tenant no longer has it, or no longer verified. Kept so that relay is not cut by an
  /// import.
  bool is_gone = false;
};

enum class NotificationLevel : char { kInfo = 'i', kWarning = 'w', kError = 'e' };

/// Something a person should know or do.
struct Notification {
  std::uint64_t number = 0;  ///< ascending, given when written
  NotificationLevel level = NotificationLevel::kInfo;
  std::string what;  ///< stable word, in snake_case
  std::string organization;
  std::string directory;
  std::string text;        ///< one sentence: what happened
  std::string advice;      ///< what to do; empty if nothing
  std::int64_t first = 0;  ///< seconds since 1970
  std::int64_t last = 0;
  std::uint64_t times = 1;
  bool is_resolved = false;  ///< what it warned of is over
};

/// The records of people's making. To be used on one thread.
class Records {
 public:
  explicit Records(StateDatabase& database) : database_(&database) {}

  [[nodiscard]] policy::Result<std::vector<AddedProtection>> protections() const;
  /// False if it was there already.
  [[nodiscard]] policy::Result<bool> add_protection(const AddedProtection& protection,
                                                    const Actor& actor);
  /// False if it was not there.
  [[nodiscard]] policy::Result<bool> remove_protection(const AddedProtection& protection,
                                                       const Actor& actor);

  [[nodiscard]] policy::Result<std::vector<AddedSecondaryEmails>> secondary_emails() const;
  /// Replaces the addresses of this person; an empty list removes the record.
  [[nodiscard]] policy::Result<void> put_secondary_emails(const AddedSecondaryEmails& emails,
                                                          const Actor& actor);

  [[nodiscard]] policy::Result<std::vector<AddedDirectory>> directories() const;
  /// `kBusy` if there is one of this key.
  [[nodiscard]] policy::Result<void> add_directory(const AddedDirectory& directory,
                                                   const Actor& actor);
  /// Replaces the settings of a directory that was added, and gives those that it had. `kNotFound`
  /// if there is none.
  [[nodiscard]] policy::Result<std::string> change_directory(const AddedDirectory& directory,
                                                             const Actor& actor);
  /// Gives the settings that it had. `kNotFound` if there is none. Removes its protections and
  /// secondary emails too, and its domains.
  [[nodiscard]] policy::Result<std::string> remove_directory(const DirectoryKey& key,
                                                             const Actor& actor);

  [[nodiscard]] policy::Result<std::vector<ImportedDomain>> domains() const;
  /// Takes over what a tenant has. New ones come with relay disabled; those of this directory that
  /// are not among them any more are marked gone; relay and override of known ones stay. Domains
  /// that another directory has imported are left alone and returned.
  [[nodiscard]] policy::Result<std::vector<std::string>> import_domains(
      const DirectoryKey& source, const std::vector<ImportedDomain>& domains, std::int64_t now);
  [[nodiscard]] policy::Result<void> put_domain(const ImportedDomain& domain,
                                                const std::string& action,
                                                const Actor& actor);

  /// Raises a notification. One with the same `what`, directory and text that is the newest of its
  /// kind and unresolved is counted up instead. The oldest beyond 10,000 are dropped.
  [[nodiscard]] policy::Result<void> notify(const Notification& notification);
  /// Marks those of this directory as resolved whose level is warning or error, but for those of
  /// its connectors, of its posture and of pulled messages: reading people says nothing of them.
  [[nodiscard]] policy::Result<void> resolve_notifications(const DirectoryKey& key);
  /// Marks those of the directory's connectors as resolved (`what` begins with `connector_`).
  [[nodiscard]] policy::Result<void> resolve_connector_notifications(const DirectoryKey& key);
  /// Marks those of the directory's posture with this text as resolved (`what` begins with
  /// `posture_`).
  [[nodiscard]] policy::Result<void> resolve_posture_notification(const DirectoryKey& key,
                                                                  const std::string& text);
  /// Marks those of the whole installation with this `what` and text as resolved.
  [[nodiscard]] policy::Result<void> resolve_notifications_of(const std::string& what,
                                                              const std::string& text);
  /// Marks this one as resolved by a person. `kNotFound` if there is none of this number.
  [[nodiscard]] policy::Result<void> resolve_notification(std::uint64_t number, const Actor& actor);
  /// `kNotFound` if there is none of this number.
  [[nodiscard]] policy::Result<Notification> notification(std::uint64_t number) const;
  /// The newest first, at most `most` that are wanted (a null function: all), with numbers below
  /// `before` (0: from the newest).
  [[nodiscard]] policy::Result<std::vector<Notification>> notifications(
      std::size_t most,
      std::uint64_t before,
      const std::function<bool(const Notification&)>& is_wanted = {}) const;

  /// Visits those with numbers above `after`, the oldest first; false ends the visit.
  [[nodiscard]] policy::Result<void> for_each_notification_after(
      std::uint64_t after, const std::function<bool(const Notification&)>& visit) const;

  /// The number of the newest one; 0 if there is none.
  [[nodiscard]] policy::Result<std::uint64_t> last_notification() const;

  /// Called with a notification that was raised, counted up or resolved, once that is written.
  void set_notification_listener(std::function<void(const Notification&)> listener);

  [[nodiscard]] policy::Result<void> audit(const AuditEntry& entry);
  /// The newest first, at most `most` that are wanted (a null function: all), with numbers below
  /// `before` (0: from the newest).
  [[nodiscard]] policy::Result<std::vector<AuditEntry>> audit_log(
      std::size_t most,
      std::uint64_t before,
      const std::function<bool(const AuditEntry&)>& is_wanted = {}) const;

  /// Remembers the one-time state of an admin consent for an hour.
  [[nodiscard]] policy::Result<void> put_consent(const std::string& state,
                                                 const DirectoryKey& key,
                                                 std::int64_t now);
  /// Whose consent this state is of; it is used up. `kNotFound` if there is none or it is too old.
  [[nodiscard]] policy::Result<DirectoryKey> take_consent(const std::string& state,
                                                          std::int64_t now);

 private:
  [[nodiscard]] policy::Result<void> resolve_those(
      const std::function<bool(const Notification&)>& is_over);
  /// Writes the notification with the batch, and tells the listener.
  [[nodiscard]] policy::Result<void> write(StateBatch batch, const Notification& notification);

  StateDatabase* database_;
  std::function<void(const Notification&)> listener_;
};

}  // namespace directory
