// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/results/authentication_results_field.h"
#include "gateway/authentication/spf/spf_result.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace {

constexpr std::array<std::string_view, 30> kPieces{"mx.example.net",
                                                   "; ",
                                                   "spf=",
                                                   "dkim=",
                                                   "dmarc=",
                                                   "pass",
                                                   "fail",
                                                   "none",
                                                   " smtp.mailfrom=",
                                                   " header.d=",
                                                   " header.from=",
                                                   " policy.x=",
                                                   "contoso.example",
                                                   "a@b.example",
                                                   "(",
                                                   ")",
                                                   "\"",
                                                   "\\",
                                                   " reason=",
                                                   "\"x y\"",
                                                   "/1",
                                                   " 1",
                                                   "\r\n\t",
                                                   ".",
                                                   "=",
                                                   ";",
                                                   " ",
                                                   "\xFF",
                                                   "Ab+/=",
                                                   " smtp.helo="};

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  const auto field = gateway::parse_authentication_results(text);
  check(!field.has_value() || field->results.size() <= 64);
  static_cast<void>(gateway::claimed_authserv_id(text));

  // Whatever a value holds, the field that we write says one thing, and it is ours.
  gateway::AuthenticationOutcome outcome;
  outcome.spf = gateway::SpfResult::kFail;
  const auto written = gateway::parse_authentication_results(
      gateway::authentication_results_value("mx.example.net", outcome, text, text));
  check(written.has_value() && written->authserv_id == "mx.example.net");
  check(written->results.size() == 1 && written->results.front().result == "fail");
  return 0;
}
