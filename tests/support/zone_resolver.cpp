// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/zone_resolver.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dns_name.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace tests {

using gateway::DnsAnswer;
using gateway::DnsQuestion;
using gateway::DnsStatus;
using gateway::DnsType;

void ZoneResolver::add_text(std::string_view name, std::string text) {
  records(name, DnsType::kTxt).texts.push_back(std::move(text));
}

void ZoneResolver::add_address(std::string_view name, std::string_view address) {
  const DnsType type = address.contains(':') ? DnsType::kAaaa : DnsType::kA;
  records(name, type).addresses.push_back(policy::parse_ip_address(address).value());
}

void ZoneResolver::add_exchange(std::string_view name,
                                unsigned preference,
                                std::string_view exchange) {
  auto& by_preference = exchanges_[policy::lower_dns_name(name)];
  by_preference[preference].push_back(policy::lower_dns_name(exchange));
  DnsAnswer& answer = records(name, DnsType::kMx);
  answer.names.clear();
  for (const auto& [number, names] : by_preference) {
    answer.names.insert(answer.names.end(), names.begin(), names.end());
  }
}

void ZoneResolver::add_pointer(std::string_view name, std::string_view target) {
  records(name, DnsType::kPtr).names.push_back(policy::lower_dns_name(target));
}

void ZoneResolver::add_alias(std::string_view name, std::string_view target) {
  names_.insert(policy::lower_dns_name(name));
  aliases_[policy::lower_dns_name(name)] = policy::lower_dns_name(target);
}

void ZoneResolver::add_failure(std::string_view name) {
  failures_.insert(policy::lower_dns_name(name));
}

DnsAnswer ZoneResolver::ask(const DnsQuestion& question, Deadline deadline) {
  asked_.with([&](auto& asked) { asked.push_back(question); });
  if (on_question != nullptr) {
    on_question(question);
  }
  if (std::chrono::steady_clock::now() > deadline) {
    return {};
  }
  std::string name = policy::lower_dns_name(question.name);
  for (int aliases = 0; aliases < 8 && aliases_.contains(name); ++aliases) {
    name = aliases_.at(name);
  }
  const auto found = answers_.find({.name = name, .type = question.type});
  if (found != answers_.end()) {
    return found->second;
  }
  DnsAnswer nothing;
  if (!failures_.contains(name)) {
    nothing.status = names_.contains(name) ? DnsStatus::kNoData : DnsStatus::kNoName;
  }
  return nothing;
}

DnsAnswer& ZoneResolver::records(std::string_view name, DnsType type) {
  names_.insert(policy::lower_dns_name(name));
  DnsAnswer& answer = answers_[{.name = policy::lower_dns_name(name), .type = type}];
  answer.status = DnsStatus::kFound;
  answer.lifetime = std::chrono::seconds{60};
  return answer;
}

}  // namespace tests
