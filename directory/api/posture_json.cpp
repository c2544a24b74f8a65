// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/posture_json.h"

#include "directory/posture/finding.h"
#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/posture_control.h"
#include "directory/posture/scan_record.h"
#include "policy/name/visible_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

json::array visible(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) {
    list.emplace_back(json::string(policy::visible_text(text)));
  }
  return list;
}

std::string_view word_of_phase(ScanPhase phase) {
  switch (phase) {
    case ScanPhase::kNone: return "none";
    case ScanPhase::kDomains: return "domains";
    case ScanPhase::kApplications: return "applications";
    case ScanPhase::kUsers: return "users";
    case ScanPhase::kMailboxes: return "mailboxes";
    case ScanPhase::kEnd: return "end";
  }
  return "none";
}

json::array evidence_json(const Evidence& evidence) {
  json::array list;
  for (const EvidenceField& field : evidence) {
    json::object object;
    object["name"] = field.name;
    object["values"] = visible(field.values);
    list.emplace_back(std::move(object));
  }
  return list;
}

json::array history_json(const std::vector<StateChange>& history) {
  json::array list;
  for (const StateChange& change : history) {
    json::object object;
    object["time"] = change.time;
    object["state"] = word_of(change.state);
    list.emplace_back(std::move(object));
  }
  return list;
}

}  // namespace

json::object to_json(const KeptFinding& kept) {
  const PostureFinding& finding = kept.finding;
  const FindingKind* const kind = find_kind(finding.finding);
  json::object subject;
  subject["type"] = word_of(finding.subject.type);
  subject["id"] = policy::visible_text(finding.subject.id);
  subject["label"] = policy::visible_text(finding.subject.label);
  json::object object;
  object["organization"] = kept.directory.organization;
  object["directory"] = kept.directory.directory;
  object["finding"] = finding.finding;
  object["title"] = kind == nullptr ? std::string_view{finding.finding} : kind->title;
  object["category"] = kind == nullptr ? std::string_view{} : kind->category;
  object["severity"] = word_of(kind == nullptr ? Severity::kLow : kind->severity);
  object["state"] = word_of(finding.state);
  object["subject"] = std::move(subject);
  object["evidence"] = evidence_json(finding.evidence);
  object["reason"] = policy::visible_text(finding.reason);
  object["first_seen"] = finding.first_seen;
  object["last_seen"] = finding.last_seen;
  object["history"] = history_json(finding.history);
  return object;
}

json::object to_json(const PostureStanding& standing) {
  const ScanRecord& record = standing.record;
  json::object object;
  object["organization"] = standing.key.organization;
  object["directory"] = standing.key.directory;
  object["number"] = record.number;
  object["job"] = standing.job == 0 ? json::value(nullptr) : json::value(standing.job);
  object["phase"] = word_of_phase(record.phase);
  object["started"] = record.started;
  object["finished"] = record.finished;
  object["attempted"] = record.attempted;
  object["failure"] = policy::visible_text(record.failure);
  object["users"] = record.users;
  object["mailboxes"] = record.mailboxes;
  object["mailboxes_done"] = record.mailboxes_done;
  object["batches"] = record.batches;
  object["unread"] = visible(record.unread);
  object["notes"] = visible(record.notes);
  return object;
}

json::array summary_json(const FindingCounts& counts) {
  json::array list;
  for (const FindingKind& kind : finding_kinds()) {
    const auto found = counts.find(kind.id);
    const StateCounts of_kind = found == counts.end() ? StateCounts{} : found->second;
    json::object object;
    object["finding"] = kind.id;
    object["title"] = kind.title;
    object["category"] = kind.category;
    object["severity"] = word_of(kind.severity);
    object["advice"] = kind.advice;
    object["open"] = of_kind.open;
    object["resolved"] = of_kind.resolved;
    object["not_evaluated"] = of_kind.not_evaluated;
    list.emplace_back(std::move(object));
  }
  return list;
}

}  // namespace directory
