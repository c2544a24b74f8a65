// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/plain_mailbox.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_field_parser.h"
#include "gateway/message/sender_list.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/soundness.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

policy::SenderField parse(std::string_view value, const gateway::SenderFieldLimits& limits) {
  gateway::SenderFieldParser parser{policy::SenderFieldName::kFrom, limits};
  parser.add(value, false);
  return parser.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value = fuzz_input(data, size);
  const policy::SenderField field = parse(value, {});
  check_sound(field, {}, size);
  const policy::SenderField tight = parse(value, kTightLimits);
  check_sound(tight, kTightLimits, size);
  check(!tight.limits.empty() || is_same(field, tight));
  const gateway::SenderFieldLimits limits;
  if (gateway::read_plain_mailbox(value, limits.phrase_characters).has_value()) {
    gateway::SenderFieldBuilder builder{policy::SenderFieldName::kFrom, {}};
    gateway::read_sender_list(value, builder);
    builder.field().field_count = 1;
    check(is_same(field, builder.field()));
  }
  return 0;
}
