// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/sandbox/dmarc_library.h"

#include "gateway/authentication/helper/helper_message.h"
#include "policy/mail_records/dmarc_record.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <opendmarc/dmarc.h>
#include <sys/types.h>

namespace gateway {
namespace {

struct EndPolicy {
  void operator()(DMARC_POLICY_T* policy) const { opendmarc_policy_connect_shutdown(policy); }
};

// The library takes octets without sign, which it does not change.
u_char* octets(std::string& text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same octets
  return reinterpret_cast<u_char*>(text.data());
}

// The record that says of this domain what the published one means for it: alignment was judged
// before, so only equal names are left to compare.
std::string plain_record(policy::DmarcPolicy policy) {
  static constexpr std::array<std::string_view, 3> kWords{"none", "quarantine", "reject"};
  return "v=DMARC1; p=" + std::string{kWords.at(std::to_underlying(policy))} +
         "; adkim=s; aspf=s; pct=100";
}

}  // namespace

bool passes_dmarc(const DmarcTask& task) {
  std::string client = "192.0.2.1";
  const std::unique_ptr<DMARC_POLICY_T, EndPolicy> policy{
      opendmarc_policy_connect_init(octets(client), DMARC_POLICY_IP_TYPE_IPV4)};
  std::string domain = task.domain;
  std::string record = plain_record(task.policy);
  if (policy == nullptr ||
      opendmarc_policy_store_from_domain(policy.get(), octets(domain)) != DMARC_PARSE_OKAY ||
      opendmarc_policy_store_dmarc(policy.get(), octets(record), octets(domain), nullptr) !=
          DMARC_PARSE_OKAY) {
    return false;
  }
  if (task.spf_aligned) {
    opendmarc_policy_store_spf(policy.get(),
                               octets(domain),
                               DMARC_POLICY_SPF_OUTCOME_PASS,
                               DMARC_POLICY_SPF_ORIGIN_MAILFROM,
                               nullptr);
  }
  if (task.dkim_aligned) {
    opendmarc_policy_store_dkim(
        policy.get(), octets(domain), nullptr, DMARC_POLICY_DKIM_OUTCOME_PASS, nullptr);
  }
  return opendmarc_get_policy_to_enforce(policy.get()) == DMARC_POLICY_PASS;
}

}  // namespace gateway
