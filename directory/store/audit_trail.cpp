// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/audit_trail.h"

#include "directory/store/fields.h"
#include "directory/store/keys.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

void name_fields(auto& fields, auto& entry) {
  fields.number("t", entry.time);
  fields.text("w", entry.who);
  fields.text("a", entry.action);
  fields.text("s", entry.subject);
  fields.text("b", entry.before);
  fields.text("n", entry.after);
  fields.text("o", entry.organization);
}

}  // namespace

std::int64_t current_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<std::uint64_t> last_number(const StateReader& reader, Table table) {
  std::uint64_t last = 0;
  const auto read = reader.for_each_backwards(
      table, "", [&](std::string_view key, std::string_view) -> Result<bool> {
        last = number_of_key(key);
        return false;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return last;
}

Result<AuditTrail> AuditTrail::open(const StateReader& reader) {
  const auto last = last_number(reader, Table::kAudit);
  if (!last.has_value()) {
    return std::unexpected{last.error()};
  }
  return AuditTrail{*last + 1};
}

void AuditTrail::add(StateBatch& batch, AuditEntry entry) {
  if (entry.time == 0) {
    entry.time = current_time();
  }
  FieldWriter fields;
  name_fields(fields, entry);
  batch.put(Table::kAudit, number_key(next_), fields.finish());
  ++next_;
}

Result<void> commit_audited(StateDatabase& database, StateBatch batch, AuditEntry entry) {
  auto trail = AuditTrail::open(database);
  if (!trail.has_value()) {
    return std::unexpected{trail.error()};
  }
  trail->add(batch, std::move(entry));
  return database.commit(std::move(batch));
}

Result<void> Records::audit(const AuditEntry& entry) {
  return commit_audited(*database_, StateBatch{}, entry);
}

Result<std::vector<AuditEntry>> Records::audit_log(
    std::size_t most,
    std::uint64_t before,
    const std::function<bool(const AuditEntry&)>& is_wanted) const {
  std::vector<AuditEntry> entries;
  const auto read = database_->for_each_backwards(
      Table::kAudit,
      before == 0 ? "" : number_key(before),
      [&](std::string_view key, std::string_view value) -> Result<bool> {
        if (entries.size() >= most) {
          return false;
        }
        AuditEntry entry;
        entry.number = number_of_key(key);
        FieldReader fields{value};
        name_fields(fields, entry);
        if (auto status = fields.status(); !status.has_value()) {
          return std::unexpected{status.error()};
        }
        if (!is_wanted || is_wanted(entry)) {
          entries.push_back(std::move(entry));
        }
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return entries;
}

}  // namespace directory
