// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/sink_state.h"

#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace directory {
namespace {

void name_fields(auto& fields, auto& state, auto& detection, auto& batch_end) {
  fields.number("n", state.notification);
  fields.text("d", detection);
  fields.text("e", batch_end);
  fields.number("z", state.batch_size);
  fields.number("k", state.skipped);
  fields.number("u", state.unreported);
  fields.number("s", state.last_success);
  fields.number("f", state.last_failure);
  fields.text("x", state.last_error);
  fields.number("g", state.digest);
  fields.flag("t", state.is_failing_told);
  fields.flag("a", state.takes_notifications);
  fields.flag("b", state.takes_detections);
}

std::string text_of(const policy::Ulid& id) {
  return id.is_nil() ? std::string{} : id.text();
}

}  // namespace

policy::Result<std::optional<SinkState>> read_sink_state(const StateReader& reader,
                                                         const std::string& name) {
  const auto read = reader.get(Table::kSinks, join_key({name}));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  SinkState state;
  std::string detection;
  std::string batch_end;
  FieldReader fields{*value};
  name_fields(fields, state, detection, batch_end);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{std::move(status).error()};
  }
  state.detection = policy::Ulid::parse(detection).value_or(policy::Ulid{});
  state.batch_end = policy::Ulid::parse(batch_end).value_or(policy::Ulid{});
  return state;
}

policy::Result<void> write_sink_state(StateDatabase& database,
                                      const std::string& name,
                                      const SinkState& state) {
  const std::string detection = text_of(state.detection);
  const std::string batch_end = text_of(state.batch_end);
  FieldWriter fields;
  name_fields(fields, state, detection, batch_end);
  StateBatch batch;
  batch.put(Table::kSinks, join_key({name}), fields.finish());
  return database.commit(std::move(batch));
}

}  // namespace directory
