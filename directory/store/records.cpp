// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/records.h"

#include "directory/store/audit_trail.h"
#include "directory/store/directory_key.h"
#include "directory/store/domains.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/ranges.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

void name_fields(auto& fields, auto& label, auto& email) {
  fields.text("l", label);
  fields.text("m", email);
}

std::string key_of(const AddedProtection& protection) {
  const char kind = static_cast<char>(protection.kind);
  return join_key(
      {protection.organization, std::string_view{&kind, 1}, protection.directory, protection.id});
}

Result<AddedProtection> decode_protection(std::string_view key, std::string_view value) {
  auto parts = split_key(key);
  AddedProtection protection;
  protection.organization = std::move(parts.at(0));
  protection.kind = parts.at(1) == "g" ? ProtectionKind::kGroup : ProtectionKind::kPerson;
  protection.directory = std::move(parts.at(2));
  protection.id = std::move(parts.at(3));
  FieldReader fields{value};
  name_fields(fields, protection.label, protection.email);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return protection;
}

Result<AddedSecondaryEmails> decode_emails(std::string_view key, std::string_view value) {
  auto parts = split_key(key);
  AddedSecondaryEmails emails;
  emails.organization = std::move(parts.at(0));
  emails.directory = std::move(parts.at(1));
  emails.id = std::move(parts.at(2));
  FieldReader fields{value};
  fields.text("m", emails.email);
  fields.texts("a", emails.addresses);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return emails;
}

Result<AddedDirectory> decode_directory(std::string_view key, std::string_view value) {
  auto parts = split_key(key);
  AddedDirectory directory;
  directory.key = {.organization = std::move(parts.at(0)), .directory = std::move(parts.at(1))};
  FieldReader fields{value};
  fields.text("y", directory.settings);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return directory;
}

// All records of a table whose key begins with `prefix`.
template <typename Record>
Result<std::vector<Record>> read_all(const StateReader& reader,
                                     Table table,
                                     std::string_view prefix,
                                     Result<Record> (*decode)(std::string_view, std::string_view)) {
  std::vector<Record> records;
  const auto read = reader.for_each(
      table, prefix, "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto record = decode(key, value);
        if (!record.has_value()) {
          return std::unexpected{record.error()};
        }
        records.push_back(std::move(*record));
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return records;
}

std::string described(const AddedProtection& protection) {
  if (protection.label.empty()) {
    return protection.email.empty() ? protection.id : protection.email;
  }
  return protection.email.empty() ? protection.label
                                  : protection.label + " <" + protection.email + ">";
}

AuditEntry entry_of(const AddedProtection& protection, std::string_view verb, const Actor& actor) {
  const std::string kind = protection.kind == ProtectionKind::kGroup ? "group." : "person.";
  return {.who = actor.name,
          .action = kind + std::string{verb},
          .subject =
              protection.organization + "/" + protection.directory + ": " + described(protection),
          .before = {},
          .after = {},
          .organization = protection.organization};
}

std::string subject_of(const DirectoryKey& key) {
  return key.organization + "/" + key.directory;
}

// Adds the removal of what people have added of the people and groups of a directory.
Result<void> remove_added_of(const StateReader& reader,
                             const DirectoryKey& key,
                             StateBatch& batch) {
  const auto protections =
      read_all(reader, Table::kProtections, join_key({key.organization}), decode_protection);
  if (!protections.has_value()) {
    return std::unexpected{protections.error()};
  }
  for (const AddedProtection& protection : *protections) {
    if (protection.directory == key.directory) {
      batch.remove(Table::kProtections, key_of(protection));
    }
  }
  for (const Table table : {Table::kSecondaryEmails,
                            Table::kPostureScans,
                            Table::kPostureFindings,
                            Table::kPosturePending,
                            Table::kPostureRecipients}) {
    batch.remove_prefix(table, join_key({key.organization, key.directory}));
  }
  return remove_domains_of(reader, key, batch);
}

}  // namespace

Result<std::vector<AddedProtection>> Records::protections() const {
  return read_all(*database_, Table::kProtections, "", decode_protection);
}

Result<bool> Records::add_protection(const AddedProtection& protection, const Actor& actor) {
  const std::string key = key_of(protection);
  const auto known = database_->get(Table::kProtections, key);
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  if (known->has_value()) {
    return false;
  }
  FieldWriter fields;
  name_fields(fields, protection.label, protection.email);
  StateBatch batch;
  batch.put(Table::kProtections, key, fields.finish());
  AuditEntry entry = entry_of(protection, "protect", actor);
  entry.after = "protected";
  if (auto done = commit_audited(*database_, std::move(batch), std::move(entry));
      !done.has_value()) {
    return std::unexpected{done.error()};
  }
  return true;
}

Result<bool> Records::remove_protection(const AddedProtection& protection, const Actor& actor) {
  const std::string key = key_of(protection);
  const auto read = database_->get(Table::kProtections, key);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& known = *read;
  if (!known.has_value()) {
    return false;
  }
  const auto removed = decode_protection(key, *known);
  if (!removed.has_value()) {
    return std::unexpected{removed.error()};
  }
  StateBatch batch;
  batch.remove(Table::kProtections, key);
  AuditEntry entry = entry_of(*removed, "unprotect", actor);
  entry.before = "protected";
  if (auto done = commit_audited(*database_, std::move(batch), std::move(entry));
      !done.has_value()) {
    return std::unexpected{done.error()};
  }
  return true;
}

Result<std::vector<AddedSecondaryEmails>> Records::secondary_emails() const {
  return read_all(*database_, Table::kSecondaryEmails, "", decode_emails);
}

Result<void> Records::put_secondary_emails(const AddedSecondaryEmails& emails, const Actor& actor) {
  const std::string key = join_key({emails.organization, emails.directory, emails.id});
  const auto known = read_all(*database_, Table::kSecondaryEmails, key, decode_emails);
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  const std::vector<std::string> before =
      known->empty() ? std::vector<std::string>{} : known->front().addresses;
  StateBatch batch;
  if (emails.addresses.empty()) {
    batch.remove(Table::kSecondaryEmails, key);
  } else {
    FieldWriter fields;
    fields.text("m", emails.email);
    fields.texts("a", emails.addresses);
    batch.put(Table::kSecondaryEmails, key, fields.finish());
  }
  return commit_audited(
      *database_,
      std::move(batch),
      {.who = actor.name,
       .action = "secondary_emails.put",
       .subject = subject_of({.organization = emails.organization, .directory = emails.directory}) +
                  ": " + (emails.email.empty() ? emails.id : emails.email),
       .before = fmt::format("{}", fmt::join(before, ", ")),
       .after = fmt::format("{}", fmt::join(emails.addresses, ", ")),
       .organization = emails.organization});
}

Result<std::vector<AddedDirectory>> Records::directories() const {
  return read_all(*database_, Table::kDirectories, "", decode_directory);
}

Result<std::string> Records::change_directory(const AddedDirectory& directory, const Actor& actor) {
  const std::string key = join_key({directory.key.organization, directory.key.directory});
  const auto known = read_all(*database_, Table::kDirectories, key, decode_directory);
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  if (known->empty()) {
    return policy::fail(ErrorCode::kNotFound,
                        "no directory " + subject_of(directory.key) + " was added here");
  }
  FieldWriter fields;
  fields.text("y", directory.settings);
  StateBatch batch;
  batch.put(Table::kDirectories, key, fields.finish());
  auto done = commit_audited(*database_,
                             std::move(batch),
                             {.who = actor.name,
                              .action = "directory.change",
                              .subject = subject_of(directory.key),
                              .before = known->front().settings,
                              .after = directory.settings,
                              .organization = directory.key.organization});
  if (!done.has_value()) {
    return std::unexpected{std::move(done).error()};
  }
  return known->front().settings;
}

Result<void> Records::add_directory(const AddedDirectory& directory, const Actor& actor) {
  const std::string key = join_key({directory.key.organization, directory.key.directory});
  const auto known = database_->get(Table::kDirectories, key);
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  if (known->has_value()) {
    return policy::fail(ErrorCode::kBusy,
                        "there is a directory " + subject_of(directory.key) +
                            " already; give this one another name");
  }
  FieldWriter fields;
  fields.text("y", directory.settings);
  StateBatch batch;
  batch.put(Table::kDirectories, key, fields.finish());
  return commit_audited(*database_,
                        std::move(batch),
                        {.who = actor.name,
                         .action = "directory.add",
                         .subject = subject_of(directory.key),
                         .before = {},
                         .after = directory.settings,
                         .organization = directory.key.organization});
}

Result<std::string> Records::remove_directory(const DirectoryKey& key, const Actor& actor) {
  const std::string at = join_key({key.organization, key.directory});
  const auto known = read_all(*database_, Table::kDirectories, at, decode_directory);
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  if (known->empty()) {
    return policy::fail(ErrorCode::kNotFound,
                        "no directory " + subject_of(key) +
                            " was added here; one of directory.yaml is removed there");
  }
  StateBatch batch;
  batch.remove(Table::kDirectories, at);
  if (auto removed = remove_added_of(*database_, key, batch); !removed.has_value()) {
    return std::unexpected{std::move(removed).error()};
  }
  auto done = commit_audited(*database_,
                             std::move(batch),
                             {.who = actor.name,
                              .action = "directory.remove",
                              .subject = subject_of(key),
                              .before = known->front().settings,
                              .after = {},
                              .organization = key.organization});
  if (!done.has_value()) {
    return std::unexpected{std::move(done).error()};
  }
  return known->front().settings;
}

}  // namespace directory
