// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/sender_field_builder.h"
#include "policy/name/charset.h"
#include "policy/verdict/sender_field.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

/// So small that fuzzed input hits each of them.
inline constexpr gateway::SenderFieldLimits kTightLimits{.octets = 64,
                                                         .fields = 2,
                                                         .mailboxes = 2,
                                                         .comment_depth = 1,
                                                         .phrase_characters = 8,
                                                         .texts = 6};

/// What holds for every field, whatever octets it was read from: valid texts, valid indexes, and no
/// more of anything than `limits` say. `octets` is the size of the input.
inline void check_sound(const policy::SenderField& field,
                        const gateway::SenderFieldLimits& limits,
                        std::size_t octets) {
  constexpr std::size_t kOctetsOfCharacter = 4;
  check(field.mailboxes.size() <= limits.mailboxes);
  check(field.identities.size() <= limits.texts);
  check(policy::is_utf8(field.beyond_limits));
  check(field.limits.empty() ? field.beyond_limits.empty() : true);
  for (const policy::VisibleMailbox& mailbox : field.mailboxes) {
    check(mailbox.address.size() <= octets);
  }
  for (const policy::VisibleIdentity& identity : field.identities) {
    check(policy::is_utf8(identity.text) && !identity.text.empty());
    check(identity.text.size() <= limits.phrase_characters * kOctetsOfCharacter);
    check(identity.mailbox == policy::VisibleIdentity::kNoMailbox ||
          identity.mailbox < field.mailboxes.size());
  }
}

/// Whether two fields show the same and are the same in what is wrong with them.
[[nodiscard]] inline bool is_same(const policy::SenderField& one,
                                  const policy::SenderField& other) {
  return std::ranges::equal(one.mailboxes,
                            other.mailboxes,
                            [](const auto& left, const auto& right) {
                              return left.address == right.address &&
                                     left.has_phrase == right.has_phrase;
                            }) &&
         std::ranges::equal(one.identities,
                            other.identities,
                            [](const auto& left, const auto& right) {
                              return left.text == right.text && left.source == right.source &&
                                     left.mailbox == right.mailbox;
                            }) &&
         one.defects == other.defects && one.limits == other.limits;
}
