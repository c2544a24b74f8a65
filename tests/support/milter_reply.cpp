// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_reply.h"

#include "policy/result.h"
#include "tests/support/milter_protocol.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace tests {
namespace {

using Verdict = Reply::Verdict;
using Kind = Change::Kind;

constexpr char kProgress = 'p';
constexpr char kReplyCode = 'y';

constexpr std::array<std::pair<char, Verdict>, 9> kVerdicts{{
    {'c', Verdict::kContinue},
    {'a', Verdict::kAccept},
    {'r', Verdict::kReject},
    {'t', Verdict::kTempfail},
    {'d', Verdict::kDiscard},
    {'s', Verdict::kSkip},
    {kReplyCode, Verdict::kReplyCode},
    {'f', Verdict::kConnectionFailure},
    {'4', Verdict::kShutdown},
}};

/// How the data of a change is laid out: a number or not, then texts in this order.
struct ChangeForm {
  char code;
  Kind kind;
  bool has_index;
  bool has_name;
  bool may_have_arguments;
};

constexpr std::array<ChangeForm, 8> kChanges{{
    {.code = 'h',
     .kind = Kind::kAddHeader,
     .has_index = false,
     .has_name = true,
     .may_have_arguments = false},
    {.code = 'i',
     .kind = Kind::kInsertHeader,
     .has_index = true,
     .has_name = true,
     .may_have_arguments = false},
    {.code = 'm',
     .kind = Kind::kChangeHeader,
     .has_index = true,
     .has_name = true,
     .may_have_arguments = false},
    {.code = '+',
     .kind = Kind::kAddRecipient,
     .has_index = false,
     .has_name = false,
     .may_have_arguments = false},
    {.code = '2',
     .kind = Kind::kAddRecipient,
     .has_index = false,
     .has_name = false,
     .may_have_arguments = true},
    {.code = '-',
     .kind = Kind::kDeleteRecipient,
     .has_index = false,
     .has_name = false,
     .may_have_arguments = false},
    {.code = 'e',
     .kind = Kind::kChangeSender,
     .has_index = false,
     .has_name = false,
     .may_have_arguments = true},
    {.code = 'q',
     .kind = Kind::kQuarantine,
     .has_index = false,
     .has_name = false,
     .may_have_arguments = false},
}};

policy::Result<Change> parse_change(const ChangeForm& form, std::string_view data) {
  Change change{.kind = form.kind, .index = 0, .name = {}, .value = {}, .arguments = {}};
  if (form.has_index) {
    if (data.size() < sizeof(change.index)) {
      return policy::fail(policy::ErrorCode::kInvalidInput, "a change has no index");
    }
    change.index = read_number(data, 0);
    data.remove_prefix(sizeof(change.index));
  }
  auto texts = split_texts(data);
  if (!texts) {
    return std::unexpected{texts.error()};
  }
  const std::size_t least = form.has_name ? 2 : 1;
  const std::size_t most = least + (form.may_have_arguments ? 1 : 0);
  if (texts->size() < least || texts->size() > most) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        fmt::format("a change '{}' has {} texts", form.code, texts->size()));
  }
  if (form.has_name) {
    change.name = std::move(texts->front());
  }
  change.value = std::move((*texts)[least - 1]);
  if (texts->size() > least) {
    change.arguments = std::move(texts->back());
  }
  return change;
}

}  // namespace

bool Reply::ends_message() const {
  return verdict != Verdict::kNone && verdict != Verdict::kContinue && verdict != Verdict::kSkip;
}

policy::Result<bool> add_to_reply(Reply& reply, const Packet& packet) {
  if (packet.code == kProgress) {
    return false;
  }
  if (packet.code == 'b') {
    reply.changes.push_back({.kind = Kind::kReplaceBody,
                             .index = 0,
                             .name = {},
                             .value = packet.data,
                             .arguments = {}});
    return false;
  }
  if (const auto* form = std::ranges::find(kChanges, packet.code, &ChangeForm::code);
      form != kChanges.end()) {
    auto change = parse_change(*form, packet.data);
    if (!change) {
      return std::unexpected{change.error()};
    }
    reply.changes.push_back(std::move(*change));
    return false;
  }
  const auto* verdict =
      std::ranges::find(kVerdicts, packet.code, [](const auto& entry) { return entry.first; });
  if (verdict == kVerdicts.end()) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        fmt::format("the milter answers {:#04x}", packet.code));
  }
  reply.verdict = verdict->second;
  if (packet.code == kReplyCode) {
    reply.text = packet.data.substr(0, packet.data.find('\0'));
  }
  return true;
}

}  // namespace tests
