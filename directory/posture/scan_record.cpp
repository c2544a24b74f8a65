// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/scan_record.h"

#include "directory/posture/finding_counts.h"
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace directory {
namespace {

void name_fields(auto& fields, auto& record) {
  fields.number("n", record.number);
  fields.letter("p", record.phase, "-daume");
  fields.number("st", record.started);
  fields.number("ft", record.finished);
  fields.number("at", record.attempted);
  fields.text("f", record.failure);
  fields.flag("k", record.is_cancelled);
  fields.text("l", record.users_link);
  fields.number("u", record.users);
  fields.number("m", record.mailboxes);
  fields.number("md", record.mailboxes_done);
  fields.number("b", record.batches);
  fields.texts("x", record.unread);
  fields.texts("o", record.notes);
}

}  // namespace

policy::Result<ScanRecord> read_scan(const StateReader& reader, const DirectoryKey& key) {
  const auto read = reader.get(Table::kPostureScans, join_key({key.organization, key.directory}));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  ScanRecord record;
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return record;
  }
  std::vector<std::string> counts;
  FieldReader fields{*value};
  name_fields(fields, record);
  fields.texts("c", counts);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{status.error()};
  }
  record.counts = counts_of(counts);
  return record;
}

void put_scan(StateBatch& batch, const DirectoryKey& key, const ScanRecord& record) {
  FieldWriter fields;
  name_fields(fields, record);
  fields.texts("c", texts_of(record.counts));
  batch.put(Table::kPostureScans, join_key({key.organization, key.directory}), fields.finish());
}

}  // namespace directory
