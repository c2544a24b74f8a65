// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_message.h"
#include "tests/fuzz/check.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gateway::DnsType;
  const std::string_view text = fuzz_input(data, size);
  for (const DnsType type :
       {DnsType::kTxt, DnsType::kA, DnsType::kAaaa, DnsType::kMx, DnsType::kPtr}) {
    const auto answer = gateway::read_dns_message(text, {.name = "a.example", .type = type});
    const std::size_t records = answer.texts.size() + answer.addresses.size() + answer.names.size();
    check(records <= 256);
    check((records > 0) == (answer.status == gateway::DnsStatus::kFound));
  }
  return 0;
}
