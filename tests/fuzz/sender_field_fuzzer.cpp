// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/plain_mailbox.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_field_parser.h"
#include "gateway/message/sender_list.h"
#include "policy/name/charset.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using gateway::SenderFieldLimits;
using policy::SenderField;
using policy::VisibleIdentity;

SenderField parse(std::string_view value, const SenderFieldLimits& limits) {
  gateway::SenderFieldParser parser{policy::SenderFieldName::kFrom, limits};
  parser.add(value, false);
  return parser.finish();
}

void check_sound(const SenderField& field, const SenderFieldLimits& limits) {
  check(field.mailboxes.size() <= limits.mailboxes);
  check(field.identities.size() <= limits.texts);
  check(policy::is_utf8(field.beyond_limits));
  check(field.limits.empty() ? field.beyond_limits.empty() : true);
  for (const VisibleIdentity& identity : field.identities) {
    check(policy::is_utf8(identity.text) && !identity.text.empty());
    check(identity.mailbox == VisibleIdentity::kNoMailbox ||
          identity.mailbox < field.mailboxes.size());
  }
}

bool is_same(const SenderField& a, const SenderField& b) {
  return std::ranges::equal(a.mailboxes,
                            b.mailboxes,
                            [](const auto& x, const auto& y) { return x.address == y.address; }) &&
         std::ranges::equal(a.identities,
                            b.identities,
                            [](const auto& x, const auto& y) {
                              return x.text == y.text && x.source == y.source;
                            }) &&
         a.defects == b.defects;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr SenderFieldLimits kTight{.octets = 64,
                                     .fields = 2,
                                     .mailboxes = 2,
                                     .comment_depth = 1,
                                     .phrase_characters = 8,
                                     .texts = 6};
  const std::string_view value = fuzz_input(data, size);
  const SenderField field = parse(value, {});
  check_sound(field, {});
  const SenderField tight = parse(value, kTight);
  check_sound(tight, kTight);
  check(!tight.limits.empty() || is_same(field, tight));
  if (gateway::read_plain_mailbox(value, SenderFieldLimits{}.phrase_characters).has_value()) {
    gateway::SenderFieldBuilder builder{policy::SenderFieldName::kFrom, {}};
    gateway::read_sender_list(value, builder);
    builder.field().field_count = 1;
    check(is_same(field, builder.field()));
  }
  return 0;
}
