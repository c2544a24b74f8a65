// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/dns_message.h"
#include "directory/dns/spf_words.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using directory::DnsAnswer;
using directory::DnsQuestion;
using directory::DnsStatus;
using directory::DnsType;

void check_sound(const DnsAnswer& answer, DnsType type) {
  const bool is_found = answer.status == DnsStatus::kFound;
  check(is_found || (answer.addresses.empty() && answer.hosts.empty() && answer.texts.empty()));
  check(answer.addresses.empty() || type == DnsType::kA || type == DnsType::kAaaa);
  check(answer.texts.empty() || type == DnsType::kTxt);
  check(answer.hosts.empty() || type == DnsType::kMx || type == DnsType::kPtr);
  for (const directory::MxHost& host : answer.hosts) {
    check(host.host.empty() ||
          (directory::is_dns_name(host.host) && directory::lower_dns_name(host.host) == host.host));
  }
}

}  // namespace

// The directory's own reader of DNS, and what it and fromguard-spf-check say to each other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array kTypes{
      DnsType::kA, DnsType::kPtr, DnsType::kMx, DnsType::kTxt, DnsType::kAaaa};
  const std::string_view octets = fuzz_input(data, size);
  for (const DnsType type : kTypes) {
    check_sound(directory::read_dns_message(octets, {.name = "a.example", .type = type}), type);
  }
  if (const auto request = directory::parse_spf_request(octets); request.has_value()) {
    const auto again = directory::parse_spf_request(directory::spf_request_line(*request));
    check(again.has_value() && again->domain == request->domain &&
          again->address == request->address);
  }
  if (const auto answer = directory::parse_spf_answer(octets); answer.has_value()) {
    check(directory::parse_spf_answer(directory::spf_answer_line(*answer)).has_value());
  }
  return 0;
}
