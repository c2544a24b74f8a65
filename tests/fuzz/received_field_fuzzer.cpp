// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/octets.h"
#include "gateway/relay_guards/received_field.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

constexpr std::array<std::string_view, 22> kPieces{"from ",
                                                   " by ",
                                                   " id ",
                                                   " for ",
                                                   " with ESMTP",
                                                   " via ",
                                                   "mx.contoso.com",
                                                   "<ada@contoso.com>",
                                                   "<\"a b\"@contoso.com>",
                                                   "4ZkQ",
                                                   "(Postfix)",
                                                   "(",
                                                   ")",
                                                   "\\",
                                                   "\"",
                                                   "<",
                                                   ">",
                                                   ";",
                                                   "\r\n\t",
                                                   " ",
                                                   ".",
                                                   "\xFF"};

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  const gateway::ReceivedField field = gateway::read_received(text);
  check(text.contains(field.id) && text.contains(field.recipient));
  check(field.by.size() <= text.size() &&
        std::ranges::none_of(field.by, [](char c) { return c != gateway::ascii_lower(c); }));
  // What follows changes nothing of who wrote the field, and a comment before it nothing at all.
  const std::string signed_text = "by mx.contoso.com " + std::string{text};
  check(gateway::read_received(signed_text).by == "mx.contoso.com");
  const gateway::ReceivedField commented =
      gateway::read_received("(by a (\\) b))" + std::string{text});
  check(commented.by == field.by && commented.id == field.id &&
        commented.recipient == field.recipient);
  return 0;
}
