// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/provisioning_records.h"

#include "directory/store/audit_trail.h"
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::Result;

void name_fields(auto& fields, auto& record) {
  fields.text("i", record.inbound_id);
  fields.text("o", record.outbound_id);
  fields.text("b", record.bypass_id);
  fields.text("m", record.tenant_mark_id);
  fields.text("t", record.tenant);
  fields.flag("a", record.is_applied);
  fields.flag("ie", record.is_inbound_enabled);
  fields.flag("l", record.is_locked);
  fields.flag("oe", record.is_outbound_enabled);
  fields.number("at", record.applied);
  fields.number("vt", record.verified);
  fields.text("d", record.drift);
}

// For the audit log: what mail flow depends on.
std::string describe(const ProvisioningRecord& record) {
  if (!record.is_applied) {
    return "not provisioned";
  }
  std::string text = record.is_inbound_enabled ? "inbound enabled" : "inbound disabled";
  text += record.is_locked ? ", locked" : ", not locked";
  text += record.is_outbound_enabled ? ", outbound enabled" : ", outbound disabled";
  return text;
}

}  // namespace

Result<ProvisioningRecord> read_provisioning(const StateReader& reader, const DirectoryKey& key) {
  const auto read = reader.get(Table::kProvisioning, join_key({key.organization, key.directory}));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  ProvisioningRecord record;
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return record;
  }
  FieldReader fields{*value};
  name_fields(fields, record);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{status.error()};
  }
  return record;
}

Result<void> write_provisioning(StateDatabase& database,
                                const DirectoryKey& key,
                                const ProvisioningRecord& record,
                                const std::string& action,
                                const Actor& actor) {
  const auto before = read_provisioning(database, key);
  if (!before.has_value()) {
    return std::unexpected{before.error()};
  }
  StateBatch batch;
  FieldWriter fields;
  name_fields(fields, record);
  batch.put(Table::kProvisioning, join_key({key.organization, key.directory}), fields.finish());
  if (action.empty()) {
    return database.commit(std::move(batch));
  }
  AuditEntry entry;
  entry.who = actor.name;
  entry.action = action;
  entry.subject = key.organization + "/" + key.directory;
  entry.before = describe(*before);
  entry.after = describe(record);
  entry.organization = key.organization;
  return commit_audited(database, std::move(batch), std::move(entry));
}

}  // namespace directory
