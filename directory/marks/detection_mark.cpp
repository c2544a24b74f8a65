// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/marks/detection_mark.h"

#include "directory/store/audit_trail.h"
#include "directory/store/fields.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::Result;

void name_fields(auto& fields, auto& mark, auto& record) {
  fields.letter("v", mark.verdict, "rw");
  fields.text("n", mark.note);
  fields.text("w", mark.who);
  fields.number("t", mark.time);
  fields.text("d", record);
}

Result<DetectionMark> decode_mark(std::string_view value) {
  DetectionMark mark;
  std::string record;
  FieldReader fields{value};
  name_fields(fields, mark, record);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{std::move(status).error()};
  }
  auto decoded = policy::decode_detection(record);
  if (!decoded.has_value()) {
    return std::unexpected{std::move(decoded).error()};
  }
  mark.record = *std::move(decoded);
  return mark;
}

// As the audit log shows it.
std::string text_of(const DetectionMark& mark) {
  return mark.note.empty() ? std::string{word_of(mark.verdict)}
                           : fmt::format("{}: {}", word_of(mark.verdict), mark.note);
}

AuditEntry entry_of(const DetectionMark& mark, const Actor& actor) {
  AuditEntry entry;
  entry.who = actor.name;
  entry.subject = mark.record.id.text();
  entry.organization = mark.record.organization;
  return entry;
}

}  // namespace

std::string_view word_of(MarkVerdict verdict) {
  return verdict == MarkVerdict::kRight ? "right" : "wrong";
}

std::optional<MarkVerdict> mark_verdict_of(std::string_view word) {
  if (word == "right") {
    return MarkVerdict::kRight;
  }
  return word == "wrong" ? std::optional{MarkVerdict::kWrong} : std::nullopt;
}

Result<std::optional<DetectionMark>> read_mark(const StateReader& reader, const policy::Ulid& id) {
  const auto read = reader.get(Table::kDetectionMarks, id.text());
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  auto mark = decode_mark(*value);
  if (!mark.has_value()) {
    return std::unexpected{std::move(mark).error()};
  }
  return *std::move(mark);
}

Result<void> put_mark(StateDatabase& database, const DetectionMark& mark, const Actor& actor) {
  const auto before = read_mark(database, mark.record.id);
  if (!before.has_value()) {
    return std::unexpected{before.error()};
  }
  const std::optional<DetectionMark>& old = *before;
  const std::string record = policy::encode_detection(mark.record);
  FieldWriter fields;
  name_fields(fields, mark, record);
  StateBatch batch;
  batch.put(Table::kDetectionMarks, mark.record.id.text(), fields.finish());
  AuditEntry entry = entry_of(mark, actor);
  entry.action = "detection.mark";
  entry.before = old.has_value() ? text_of(*old) : std::string{};
  entry.after = text_of(mark);
  return commit_audited(database, std::move(batch), std::move(entry));
}

Result<void> remove_mark(StateDatabase& database, const DetectionMark& mark, const Actor& actor) {
  StateBatch batch;
  batch.remove(Table::kDetectionMarks, mark.record.id.text());
  AuditEntry entry = entry_of(mark, actor);
  entry.action = "detection.unmark";
  entry.before = text_of(mark);
  return commit_audited(database, std::move(batch), std::move(entry));
}

Result<void> for_each_mark(const StateReader& reader,
                           const std::optional<policy::Ulid>& before,
                           const std::function<bool(const DetectionMark&)>& visit) {
  const std::string end = before.has_value() ? before->text() : std::string{};
  return reader.for_each_backwards(
      Table::kDetectionMarks,
      end,
      [&](std::string_view /*key*/, std::string_view value) -> Result<bool> {
        const auto mark = decode_mark(value);
        if (!mark.has_value()) {
          return std::unexpected{mark.error()};
        }
        return visit(*mark);
      });
}

std::string mark_json(const DetectionMark& mark) {
  return boost::json::serialize(boost::json::object{{"verdict", word_of(mark.verdict)},
                                                    {"note", mark.note},
                                                    {"who", mark.who},
                                                    {"time", mark.time}});
}

}  // namespace directory
