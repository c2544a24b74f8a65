// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/spf/spf_guard.h"
#include "gateway/authentication/spf/spf_term_name.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dns_name.h"
#include "policy/mail_records/spf_macro.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace {

using gateway::DnsAnswer;
using gateway::DnsQuestion;
using gateway::DnsStatus;
using gateway::DnsType;

// Every name has the same record, and more names below it.
class MirrorResolver final : public gateway::DnsResolver {
 public:
  explicit MirrorResolver(std::string record) : record_(std::move(record)) {}

  DnsAnswer ask(const DnsQuestion& question, Deadline /*deadline*/) override {
    check(policy::is_dns_name(question.name));
    ++asked_;
    DnsAnswer answer;
    answer.status = asked_ % 7 == 0 ? DnsStatus::kNoName : DnsStatus::kFound;
    switch (question.type) {
      case DnsType::kTxt: answer.texts = {record_}; break;
      case DnsType::kA:
      case DnsType::kAaaa: answer.addresses = {policy::mapped_ipv4({192, 0, 2, 7})}; break;
      case DnsType::kMx:
      case DnsType::kPtr: answer.names = {"one.example", "two." + question.name}; break;
    }
    return answer;
  }

  void prefetch(const DnsQuestion& /*question*/) override {}

  void stop() override {}

  [[nodiscard]] unsigned asked() const { return asked_; }

 private:
  std::string record_;
  unsigned asked_ = 0;
};

// What the library may be given: words of the language, numbers and our own names.
void check_harmless(std::string_view record) {
  check(record.starts_with("v=spf1") && record.size() < 1024);
  check(std::ranges::all_of(record, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view{" =+-~?:/."}.contains(c);
  }));
  check(std::ranges::count(record, ' ') <= 14);
}

// Asks as a library would that evaluates everything it is told of.
void evaluate(gateway::SpfGuard& guard, std::uint32_t term, int depth) {
  const DnsAnswer answer = guard.answer(term, DnsType::kTxt);
  for (const DnsType type : {DnsType::kA, DnsType::kAaaa, DnsType::kMx}) {
    static_cast<void>(guard.answer(term, type));
  }
  if (answer.texts.empty() || depth > 30) {
    return;
  }
  std::string_view record = answer.texts.front();
  check_harmless(record);
  while (!record.empty()) {
    const std::size_t begin = std::min(record.find('t'), record.size());
    const std::size_t end = std::min(record.find_first_of(" /", begin), record.size());
    const auto number = gateway::spf_term_number(record.substr(begin, end - begin));
    if (number.has_value()) {
      check(*number > term);
      evaluate(guard, *number, depth + 1);
    }
    record.remove_prefix(number.has_value() ? end : std::min(begin + 1, record.size()));
  }
}

constexpr std::array<std::string_view, 52> kPieces{
    "v=spf1 ",
    " a",
    " mx",
    " ptr",
    " all",
    " -all",
    " include:",
    " exists:",
    " redirect=",
    " exp=",
    " ip4:",
    " ip6:",
    "192.0.2.0",
    "2001:db8::1",
    "/24",
    "//64",
    "/0",
    "//0",
    "%{s}",
    "%{l}",
    "%{o}",
    "%{d}",
    "%{i}",
    "%{p}",
    "%{v}",
    "%{h}",
    "%{c}",
    "%{d2}",
    "%{ir}",
    "%{d99999999999}",
    "%{L1r-+,/_=}",
    "%{D}",
    "%%",
    "%_",
    "%-",
    "%{",
    "}",
    ".example",
    ".com",
    ":",
    "=",
    "?",
    "~",
    " x=%{d}",
    "\xFF",
    "a.b.c.d.e.f.",
    "%{d}%{d}",
    "..",
    "exists:%{p}.%{ir}.x.y",
    "/33",
    " A:X.Example",
    "0",
};

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MirrorResolver resolver{std::string{fuzz_input(data, size)}};
  gateway::SpfGuard guard{
      resolver,
      policy::spf_subject(policy::mapped_ipv4({192, 0, 2, 7}), "h.example", "a.b@c.d.example"),
      std::chrono::steady_clock::now() + std::chrono::hours{1}};
  guard.begin();
  evaluate(guard, gateway::kSenderTerm, 0);
  check(resolver.asked() <= gateway::SpfGuard::kMostQuestions);
  return 0;
}
