// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_message.h"
#include "tests/fuzz/check.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  // What is read is written as the same octets: there is one way to say a thing.
  if (const auto question = gateway::decode_spf_question(text); question.has_value()) {
    check(gateway::encoded(*question) == text);
  }
  if (const auto answer = gateway::decode_dns_answer(text); answer.has_value()) {
    check(gateway::encoded(*answer) == text);
  }
  if (const auto result = gateway::decode_spf_report(text); result.has_value()) {
    check(gateway::encoded(*result) == text);
  }
  if (const auto report = gateway::decode_dkim_report(text); report.has_value()) {
    check(gateway::encoded(*report) == text);
  }
  if (const auto task = gateway::decode_dkim_task(text); task.has_value()) {
    check(gateway::encoded(*task) == text);
  }
  static_cast<void>(gateway::decode_dmarc_report(text));
  if (size >= gateway::kHelperPrefixOctets) {
    const auto prefix = gateway::parse_helper_prefix(text, gateway::kLongestFromHelper);
    check(!prefix.has_value() || prefix->content_octets <= gateway::kLongestFromHelper);
  }
  return 0;
}
