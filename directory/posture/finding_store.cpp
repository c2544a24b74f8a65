// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding_store.h"

#include "directory/posture/finding.h"
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <charconv>
#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

constexpr std::size_t kPartsOfKey = 5;

void name_fields(auto& fields, auto& finding) {
  fields.text("l", finding.subject.label);
  fields.letter("s", finding.state, "orn");
  fields.text("r", finding.reason);
  fields.number("f", finding.first_seen);
  fields.number("t", finding.last_seen);
  fields.flag("o", finding.was_open);
  fields.number("n", finding.scan);
}

// `=keys` begins a field of the evidence, `-A1` is one of its values.
std::vector<std::string> texts_of(const Evidence& evidence) {
  std::vector<std::string> texts;
  for (const EvidenceField& field : evidence) {
    texts.push_back("=" + field.name);
    for (const std::string& value : field.values) {
      texts.push_back("-" + value);
    }
  }
  return texts;
}

Evidence evidence_of(const std::vector<std::string>& texts) {
  Evidence evidence;
  for (const std::string& text : texts) {
    if (text.starts_with('=')) {
      evidence.push_back({.name = text.substr(1), .values = {}});
    } else if (!evidence.empty() && !text.empty()) {
      evidence.back().values.push_back(text.substr(1));
    }
  }
  return evidence;
}

// `o1771000000`
std::vector<std::string> texts_of(const std::vector<StateChange>& history) {
  std::vector<std::string> texts;
  texts.reserve(history.size());
  for (const StateChange& change : history) {
    texts.push_back(static_cast<char>(change.state) + std::to_string(change.time));
  }
  return texts;
}

std::vector<StateChange> history_of(const std::vector<std::string>& texts) {
  std::vector<StateChange> history;
  for (const std::string& text : texts) {
    StateChange change;
    const char* const end = text.data() + text.size();
    if (text.size() > 1 && std::from_chars(text.data() + 1, end, change.time).ptr == end) {
      change.state = static_cast<FindingState>(text.front());
      history.push_back(change);
    }
  }
  return history;
}

Result<KeptFinding> decode(std::string_view key, std::string_view value) {
  const std::vector<std::string> parts = split_key(key);
  if (parts.size() != kPartsOfKey || parts[3].size() != 1 ||
      kSubjectTypes.find(parts[3].front()) == std::string_view::npos) {
    return policy::fail(ErrorCode::kInvalidInput, "a posture finding has a key of another kind");
  }
  KeptFinding kept;
  kept.directory = {.organization = parts[0], .directory = parts[1]};
  PostureFinding& finding = kept.finding;
  finding.finding = parts[2];
  finding.subject.type = static_cast<SubjectType>(parts[3].front());
  finding.subject.id = parts[4];
  std::vector<std::string> evidence;
  std::vector<std::string> history;
  FieldReader fields{value};
  name_fields(fields, finding);
  fields.texts("e", evidence);
  fields.texts("h", history);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{status.error()};
  }
  finding.evidence = evidence_of(evidence);
  finding.history = history_of(history);
  return kept;
}

}  // namespace

std::string finding_key(const DirectoryKey& key,
                        const std::string& finding,
                        const FindingSubject& subject) {
  const char type = static_cast<char>(subject.type);
  return join_key(
      {key.organization, key.directory, finding, std::string_view{&type, 1}, subject.id});
}

Result<std::optional<PostureFinding>> read_finding(const StateReader& reader,
                                                   const DirectoryKey& key,
                                                   const std::string& finding,
                                                   const FindingSubject& subject) {
  const std::string at = finding_key(key, finding, subject);
  const auto read = reader.get(Table::kPostureFindings, at);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  auto kept = decode(at, *value);
  if (!kept.has_value()) {
    return std::unexpected{std::move(kept).error()};
  }
  return std::move(kept->finding);
}

Result<void> for_each_finding(
    const StateReader& reader,
    const std::string& prefix,
    const std::string& from,
    const std::function<bool(const std::string& key, KeptFinding finding)>& visit) {
  return reader.for_each(Table::kPostureFindings,
                         prefix,
                         from,
                         [&](std::string_view key, std::string_view value) -> Result<bool> {
                           auto kept = decode(key, value);
                           if (!kept.has_value()) {
                             return std::unexpected{std::move(kept).error()};
                           }
                           return visit(std::string{key}, *std::move(kept));
                         });
}

void put_finding(StateBatch& batch, const DirectoryKey& key, const PostureFinding& finding) {
  FieldWriter fields;
  name_fields(fields, finding);
  fields.texts("e", texts_of(finding.evidence));
  fields.texts("h", texts_of(finding.history));
  batch.put(
      Table::kPostureFindings, finding_key(key, finding.finding, finding.subject), fields.finish());
}

void remove_finding(StateBatch& batch, const DirectoryKey& key, const PostureFinding& finding) {
  batch.remove(Table::kPostureFindings, finding_key(key, finding.finding, finding.subject));
}

}  // namespace directory
