// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/dmarc_record.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

constexpr std::array<std::string_view, 22> kPieces{
    "v=DMARC1",         "; p=", "; sp=",  "; np=",      "; adkim=", "; aspf=", "; psd=", "; t=",
    "; pct=",           "none", "reject", "quarantine", "r",        "s",       "y",      "n",
    "; rua=mailto:a@b", ";",    "=",      " ",          "\t",       "\xFF"};

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{fuzz_input(data, size)};
  const auto record = policy::parse_dmarc_record(text);
  check(!record.has_value() || (policy::is_dmarc_record(text) && text.starts_with("v")));
  check(policy::choose_dmarc_record({text}).has_value() == record.has_value());
  check(!policy::choose_dmarc_record({text, text}).has_value());
  return 0;
}
