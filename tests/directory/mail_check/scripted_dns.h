// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// A DNS that says what the test wants. What is not there does not exist.
class ScriptedDns final : public directory::MailDns {
 public:
  /// The MX hosts of a domain, with preferences 10, 20, ...
  void set_mx(const std::string& domain, const std::vector<std::string>& hosts, std::uint32_t ttl) {
    directory::MxAnswer answer;
    answer.ttl = ttl;
    for (const std::string& host : hosts) {
      const auto preference = static_cast<std::uint16_t>(10 * (answer.hosts.size() + 1));
      answer.hosts.push_back({.host = host, .preference = preference});
    }
    exchanges[domain] = std::move(answer);
  }

  directory::Task<policy::Result<directory::MxAnswer>> mx(std::string domain) override {
    ++questions;
    if (fails.contains(domain)) {
      co_return policy::fail(policy::ErrorCode::kUnavailable, "DNS gives no answer for " + domain);
    }
    co_return exchanges[domain];
  }

  directory::Task<policy::Result<std::vector<std::string>>> addresses(std::string host) override {
    ++questions;
    if (fails.contains(host)) {
      co_return policy::fail(policy::ErrorCode::kUnavailable, "DNS gives no answer for " + host);
    }
    co_return addresses_of[host];
  }

  directory::Task<policy::Result<std::vector<std::string>>> txt(std::string domain) override {
    ++questions;
    if (fails.contains(domain)) {
      co_return policy::fail(policy::ErrorCode::kUnavailable, "DNS gives no answer for " + domain);
    }
    co_return texts[domain];
  }

  directory::Task<directory::SpfAnswer> spf(std::string domain, std::string address) override {
    directory::SpfAnswer answer;
    answer.result =
        permitted.contains(address) ? directory::SpfResult::kPass : directory::SpfResult::kFail;
    answer.explanation = "what the record of " + domain + " says";
    co_return answer;
  }

  std::map<std::string, directory::MxAnswer> exchanges;
  std::map<std::string, std::vector<std::string>> addresses_of;  ///< of hosts
  std::map<std::string, std::vector<std::string>> texts;         ///< TXT records of domains
  std::set<std::string> fails;      ///< names for which no answer comes
  std::set<std::string> permitted;  ///< addresses for which SPF passes
  int questions = 0;
};

}  // namespace tests
