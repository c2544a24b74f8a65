// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace directory {

/// SPF of one of the gateway's addresses.
struct SpfCheck {
  const SampledNetwork* network;  ///< of those it was worked out for
  std::string address;
  SpfAnswer answer;
};

/// Watches whose servers take mail for the domains, and whether the gateway may send for them. Used
/// on the daemon's thread; it must outlive its tasks.
class DomainWatch {
 public:
  /// How old a sighting gets before `look_at_due` looks anew, in seconds.
  static constexpr std::int64_t kSecondsBetweenLooks = 3600;

  /// What is given must outlive the watch.
  DomainWatch(MailDns& dns, StateDatabase& database, GatewayIdentity gateway);

  [[nodiscard]] const GatewayIdentity& gateway() const { return gateway_; }

  /// Looks now, and remembers what it sees; `now` is in seconds since 1970. Where DNS does not tell
  /// all, it fails as `MailDns` does, and what was seen before stays.
  [[nodiscard]] Task<policy::Result<MxSighting>> look(std::string domain, std::int64_t now);

  /// What was seen last, with the standing of then.
  [[nodiscard]] policy::Result<MxSighting> stand_of(const std::string& domain) const;

  /// `stand_of` all domains that were seen.
  [[nodiscard]] policy::Result<std::map<std::string, MxSighting>> sightings() const;

  /// Looks at those of the domains at which it has not tried to look for an hour, one after the
  /// other, and forgets the others. Failures are left for the next time.
  [[nodiscard]] Task<void> look_at_due(std::vector<std::string> domains, std::int64_t now);

  /// SPF of the domain for each sampled address of the gateway. Those that are not reached within
  /// half a minute are `kTempError`.
  [[nodiscard]] Task<std::vector<SpfCheck>> check_spf(std::string domain);

  /// The same for these addresses, which must outlive the task and what it gives.
  [[nodiscard]] Task<std::vector<SpfCheck>> check_spf_of(
      std::string domain, const std::vector<SampledNetwork>& samples);

 private:
  [[nodiscard]] Task<policy::Result<MxStanding>> standing_of(std::vector<MxHost> hosts);
  [[nodiscard]] Task<policy::Result<bool>> is_ours(std::string host);
  void forget_others(const std::vector<std::string>& domains);

  MailDns* dns_;
  MxSightings sightings_;
  GatewayIdentity gateway_;
  std::map<std::string, std::int64_t> tried_;  // when, by domain
};

}  // namespace directory
