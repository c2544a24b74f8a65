// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "policy/guarded.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// DNS of a test: answers at once from what it was given. Names are taken in any case. Filled
/// before it is asked, by one thread; asked by any.
class ZoneResolver final : public gateway::DnsResolver {
 public:
  void add_text(std::string_view name, std::string text);
  void add_address(std::string_view name, std::string_view address);
  void add_exchange(std::string_view name, unsigned preference, std::string_view exchange);
  void add_pointer(std::string_view name, std::string_view target);
  void add_alias(std::string_view name, std::string_view target);

  /// Questions about this name that nothing answers are temporary failures.
  void add_failure(std::string_view name);

  /// Called for each question before it is answered; empty: nobody is.
  std::function<void(const gateway::DnsQuestion&)> on_question;

  [[nodiscard]] gateway::DnsAnswer ask(const gateway::DnsQuestion& question,
                                       Deadline deadline) override;

  void prefetch(const gateway::DnsQuestion& /*question*/) override {}

  void stop() override {}

  /// All that was asked so far, in order.
  [[nodiscard]] std::vector<gateway::DnsQuestion> asked() const { return asked_.get(); }

 private:
  gateway::DnsAnswer& records(std::string_view name, gateway::DnsType type);

  std::map<gateway::DnsQuestion, gateway::DnsAnswer> answers_;
  std::map<std::string, std::map<unsigned, std::vector<std::string>>> exchanges_;
  std::map<std::string, std::string> aliases_;
  std::set<std::string> names_;
  std::set<std::string> failures_;
  policy::Guarded<std::vector<gateway::DnsQuestion>> asked_;
};

}  // namespace tests
