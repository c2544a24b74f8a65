// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/helper/helper_slot.h"
#include "gateway/authentication/helper/library_checks.h"
#include "gateway/authentication/spf/spf_guard.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "policy/mail_records/spf_macro.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace tests {

/// What came of one SPF check.
struct CheckedSpf {
  gateway::SpfResult result = gateway::SpfResult::kTempError;
  unsigned questions = 0;
};

/// Checks SPF as the gateway does: guard, helper process, library. `mail_from` is without angle
/// brackets.
[[nodiscard]] inline CheckedSpf check_spf_with(gateway::DnsResolver& resolver,
                                               gateway::HelperSlot& slot,
                                               std::string_view client,
                                               const std::string& helo,
                                               const std::string& mail_from) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{8};
  const policy::SpfSubject subject =
      policy::spf_subject(policy::parse_ip_address(client).value(), helo, mail_from);
  gateway::SpfGuard guard{resolver, subject, deadline};
  guard.begin();
  const auto result = slot.run(deadline, [&](gateway::HelperProcess& helper) {
    return gateway::check_spf(helper, guard, subject.client, deadline);
  });
  return {.result = result.value_or(gateway::SpfResult::kTempError),
          .questions = guard.questions()};
}

/// The same with a helper of its own.
class SpfChecker {
 public:
  explicit SpfChecker(gateway::DnsResolver& resolver) : resolver_(resolver) {}

  [[nodiscard]] CheckedSpf check(std::string_view client,
                                 const std::string& helo,
                                 const std::string& mail_from) {
    return check_spf_with(resolver_, slot_, client, helo, mail_from);
  }

  [[nodiscard]] const gateway::HelperSlot& slot() const { return slot_; }

 private:
  gateway::DnsResolver& resolver_;
  gateway::HelperSlot slot_{FROMGUARD_HELPER};
};

}  // namespace tests
