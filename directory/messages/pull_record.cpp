// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/pull_record.h"

#include "directory/messages/recipients.h"
#include "directory/store/fields.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

void name_fields(auto& fields, auto& record) {
  fields.letter("k", record.kind, "sp");
  fields.text("o", record.key.organization);
  fields.text("d", record.key.directory);
  fields.text("w", record.who);
  fields.text("i", record.detection);
  fields.text("m", record.target.message_id);
  fields.text("ts", record.target.sender);
  fields.text("tj", record.target.subject);
  fields.number("tb", record.target.not_before);
  fields.number("ta", record.target.not_after);
  fields.letter("q", record.destination, "qr");
  fields.texts("r", record.recipients);
  fields.number("u", record.unlisted);
  fields.texts("x", record.unknown);
  fields.number("b", record.begun);
  fields.number("e", record.ended);
  fields.number("rb", record.restore_begun);
  fields.letter("s", record.state, "smrdunfc");
  fields.text("f", record.failure);
  fields.number("n", record.mailboxes);
  fields.number("nd", record.searched);
  fields.text("j", record.subject);
  fields.text("y", record.disagreement);
}

void name_fields_of_copy(auto& fields, auto& copy) {
  fields.text("a", copy.mailbox.address);
  fields.text("f", copy.folder);
  fields.text("n", copy.folder_name);
  fields.text("d", copy.destination);
  fields.text("i", copy.moved_id);
  fields.text("w", copy.sender);
  fields.text("j", copy.subject);
  fields.number("t", copy.received);
  fields.flag("r", copy.is_read);
  fields.letter("s", copy.state, "fbmtrqlgxn");
  fields.text("y", copy.why);
}

// `m12`
std::vector<std::string> texts_of(const std::map<CopyState, std::uint64_t>& counts) {
  std::vector<std::string> texts;
  texts.reserve(counts.size());
  for (const auto& [state, count] : counts) {
    texts.push_back(static_cast<char>(state) + std::to_string(count));
  }
  return texts;
}

std::map<CopyState, std::uint64_t> counts_of(const std::vector<std::string>& texts) {
  std::map<CopyState, std::uint64_t> counts;
  for (const std::string& text : texts) {
    std::uint64_t count = 0;
    const char* const end = text.data() + text.size();
    if (text.size() > 1 && std::from_chars(text.data() + 1, end, count).ptr == end) {
      counts[static_cast<CopyState>(text.front())] = count;
    }
  }
  return counts;
}

// Address, name and number of members, one after the other.
std::vector<std::string> texts_of(const std::vector<ExpandedGroup>& groups) {
  std::vector<std::string> texts;
  for (const ExpandedGroup& group : groups) {
    texts.push_back(group.address);
    texts.push_back(group.name);
    texts.push_back(std::to_string(group.members));
  }
  return texts;
}

std::vector<ExpandedGroup> groups_of(const std::vector<std::string>& texts) {
  constexpr std::size_t kParts = 3;
  std::vector<ExpandedGroup> groups;
  for (std::size_t i = 0; i + kParts <= texts.size(); i += kParts) {
    const std::string& members = texts[i + 2];
    ExpandedGroup group{.address = texts[i], .name = texts[i + 1]};
    std::from_chars(members.data(), members.data() + members.size(), group.members);
    groups.push_back(std::move(group));
  }
  return groups;
}

Result<PullRecord> decode_pull(std::string_view key, std::string_view value) {
  PullRecord record;
  record.number = number_of_key(key);
  std::vector<std::string> counts;
  std::vector<std::string> groups;
  std::vector<std::string> sender;
  FieldReader fields{value};
  name_fields(fields, record);
  fields.texts("c", counts);
  fields.texts("g", groups);
  fields.texts("fs", sender);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{std::move(status).error()};
  }
  record.counts = counts_of(counts);
  record.groups = groups_of(groups);
  if (!sender.empty()) {
    record.sender = std::move(sender.front());
  }
  return record;
}

Result<CopyRecord> decode_copy(std::string_view key, std::string_view value) {
  constexpr std::size_t kParts = 2;
  std::vector<std::string> parts = split_key(key.substr(std::min(key.size(), kNumberOctets)));
  if (parts.size() != kParts) {
    return policy::fail(ErrorCode::kInvalidInput, "a pulled copy has a key of another kind");
  }
  CopyRecord copy;
  copy.mailbox.user_id = std::move(parts[0]);
  copy.id = std::move(parts[1]);
  FieldReader fields{value};
  name_fields_of_copy(fields, copy);
  if (auto status = fields.status(); !status.has_value()) {
    return std::unexpected{std::move(status).error()};
  }
  return copy;
}

}  // namespace

std::string_view word_of(CopyState state) {
  switch (state) {
    case CopyState::kFound: return "found";
    case CopyState::kMoving: return "moving";
    case CopyState::kMoved: return "moved";
    case CopyState::kRestoring: return "restoring";
    case CopyState::kRestored: return "restored";
    case CopyState::kQuarantined: return "quarantined";
    case CopyState::kLeft: return "left_alone";
    case CopyState::kGone: return "gone";
    case CopyState::kFailed: return "failed";
    case CopyState::kNoMailbox: return "no_mailbox";
  }
  return "";
}

std::string_view word_of(PullState state) {
  switch (state) {
    case PullState::kSearching: return "searching";
    case PullState::kMoving: return "moving";
    case PullState::kRestoring: return "restoring";
    case PullState::kDone: return "done";
    case PullState::kRestored: return "restored";
    case PullState::kRefused: return "refused";
    case PullState::kFailed: return "failed";
    case PullState::kCancelled: return "cancelled";
  }
  return "";
}

std::string_view word_of(PullDestination destination) {
  return destination == PullDestination::kQuarantine ? "quarantine" : "recoverable_items";
}

bool is_under_way(PullState state) {
  return state == PullState::kSearching || state == PullState::kMoving ||
         state == PullState::kRestoring;
}

std::uint64_t count_of(const PullRecord& record, CopyState state) {
  const auto found = record.counts.find(state);
  return found == record.counts.end() ? 0 : found->second;
}

void put_pull(StateBatch& batch, const PullRecord& record) {
  FieldWriter fields;
  name_fields(fields, record);
  fields.texts("c", texts_of(record.counts));
  fields.texts("g", texts_of(record.groups));
  if (const std::optional<std::string>& sender = record.sender; sender.has_value()) {
    fields.texts("fs", {*sender});
  }
  batch.put(Table::kPulls, number_key(record.number), fields.finish());
}

Result<PullRecord> read_pull(const StateReader& reader, std::uint64_t number, PullKind kind) {
  const std::string key = number_key(number);
  const auto read = reader.get(Table::kPulls, key);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  auto record = value.has_value() ? decode_pull(key, *value) : PullRecord{};
  if (record.has_value() && (!value.has_value() || record->kind != kind)) {
    return policy::fail(ErrorCode::kNotFound,
                        (kind == PullKind::kPull ? "there is no pull " : "there is no search ") +
                            std::to_string(number) + " (any more)");
  }
  return record;
}

Result<void> for_each_pull(const StateReader& reader,
                           std::uint64_t before,
                           const std::function<bool(PullRecord)>& visit) {
  return reader.for_each_backwards(
      Table::kPulls,
      before == 0 ? "" : number_key(before),
      [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto record = decode_pull(key, value);
        if (!record.has_value()) {
          return std::unexpected{std::move(record).error()};
        }
        return visit(*std::move(record));
      });
}

void remove_pull(StateBatch& batch, std::uint64_t number) {
  batch.remove(Table::kPulls, number_key(number));
  batch.remove_prefix(Table::kPulledCopies, number_key(number));
  remove_mailboxes(batch, number);
}

void put_mailbox(StateBatch& batch, std::uint64_t number, const Mailbox& mailbox) {
  batch.put(Table::kPullMailboxes, set_key(number, {mailbox.user_id}), mailbox.address);
}

void remove_mailbox(StateBatch& batch, std::uint64_t number, const Mailbox& mailbox) {
  batch.remove(Table::kPullMailboxes, set_key(number, {mailbox.user_id}));
}

void remove_mailboxes(StateBatch& batch, std::uint64_t number) {
  batch.remove_prefix(Table::kPullMailboxes, number_key(number));
}

Result<std::vector<Mailbox>> first_mailboxes(const StateReader& reader,
                                             std::uint64_t number,
                                             std::size_t most) {
  std::vector<Mailbox> mailboxes;
  const auto read = reader.for_each(
      Table::kPullMailboxes,
      number_key(number),
      "",
      [&](std::string_view key, std::string_view value) -> Result<bool> {
        const auto parts = split_key(key.substr(kNumberOctets));
        if (parts.size() == 1) {
          mailboxes.push_back({.user_id = parts.front(), .address = std::string{value}});
        }
        return mailboxes.size() < most;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return mailboxes;
}

std::string copy_key(std::uint64_t number, const CopyRecord& copy) {
  return set_key(number, {copy.mailbox.user_id, copy.id});
}

void put_copy(StateBatch& batch, std::uint64_t number, const CopyRecord& copy) {
  FieldWriter fields;
  name_fields_of_copy(fields, copy);
  batch.put(Table::kPulledCopies, copy_key(number, copy), fields.finish());
}

Result<void> for_each_copy(
    const StateReader& reader,
    std::uint64_t number,
    const std::string& after,
    const std::function<bool(const std::string& key, CopyRecord copy)>& visit) {
  return reader.for_each(Table::kPulledCopies,
                         number_key(number),
                         after.empty() ? "" : after + '\0',
                         [&](std::string_view key, std::string_view value) -> Result<bool> {
                           auto copy = decode_copy(key, value);
                           if (!copy.has_value()) {
                             return std::unexpected{std::move(copy).error()};
                           }
                           return visit(std::string{key}, *std::move(copy));
                         });
}

}  // namespace directory
