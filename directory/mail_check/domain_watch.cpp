// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/mail_check/domain_watch.h"

#include "directory/clock.h"
#include "directory/dns/mail_dns.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/ip_address.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

// A domain has two or three. The addresses of more are not asked for; they are not ours.
constexpr std::size_t kMostHosts = 10;
constexpr std::chrono::seconds kLongestCheck{30};

bool has_no_mx(const std::vector<MxHost>& hosts) {
  return std::ranges::all_of(hosts, [](const MxHost& each) { return each.host.empty(); });
}

// What is seen now, after what was seen before.
MxSighting sighting_after(const MxSighting& before,
                          MxAnswer answer,
                          MxStanding standing,
                          std::int64_t now) {
  MxSighting sighting;
  sighting.domain = before.domain;
  sighting.standing = standing;
  sighting.hosts = std::move(answer.hosts);
  sighting.ttl = answer.ttl;
  sighting.seen = now;
  if (standing != MxStanding::kOurs) {
    return sighting;
  }
  const bool was_ours = before.standing == MxStanding::kOurs;
  const bool was_seen = before.seen != 0;
  sighting.ours_since = was_ours ? before.ours_since : now;
  sighting.ttl_before = before.ttl;
  if (was_ours) {
    sighting.ttl_before = before.ttl_before;
  } else if (!was_seen) {
    sighting.ttl_before = answer.ttl;
  }
  return sighting;
}

// One for each address, with what is said of those that are never reached.
std::vector<SpfCheck> open_checks(const std::vector<SampledNetwork>& networks) {
  std::vector<SpfCheck> checks;
  for (const SampledNetwork& network : networks) {
    for (const std::string& address : network.addresses) {
      SpfCheck check{.network = &network, .address = address, .answer = {}};
      check.answer.explanation = "not checked: the addresses before took too long";
      checks.push_back(std::move(check));
    }
  }
  return checks;
}

}  // namespace

DomainWatch::DomainWatch(MailDns& dns, StateDatabase& database, GatewayIdentity gateway)
    : dns_(&dns), sightings_(database), gateway_(std::move(gateway)) {}

Task<Result<MxSighting>> DomainWatch::look(std::string domain, std::int64_t now) {
  tried_[domain] = now;
  Result<MxAnswer> answer = co_await dns_->mx(domain);
  if (!answer.has_value()) {
    co_return std::unexpected{answer.error()};
  }
  const Result<MxStanding> standing = co_await standing_of(answer->hosts);
  if (!standing.has_value()) {
    co_return std::unexpected{standing.error()};
  }
  const Result<MxSighting> before = sightings_.of(domain);
  if (!before.has_value()) {
    co_return std::unexpected{before.error()};
  }
  const MxSighting sighting = sighting_after(*before, *std::move(answer), *standing, now);
  const Result<void> written = sightings_.put(sighting);
  if (!written.has_value()) {
    co_return std::unexpected{written.error()};
  }
  co_return sighting;
}

Task<Result<MxStanding>> DomainWatch::standing_of(std::vector<MxHost> hosts) {
  if (has_no_mx(hosts)) {
    co_return MxStanding::kNone;
  }
  std::size_t ours = 0;
  for (std::size_t i = 0; i < std::min(hosts.size(), kMostHosts); ++i) {
    const Result<bool> is_one = co_await is_ours(hosts[i].host);
    if (!is_one.has_value()) {
      co_return std::unexpected{is_one.error()};
    }
    if (*is_one) {
      ++ours;
    }
  }
  if (ours == 0) {
    co_return MxStanding::kElsewhere;
  }
  co_return ours == hosts.size() ? MxStanding::kOurs : MxStanding::kMixed;
}

Task<Result<bool>> DomainWatch::is_ours(std::string host) {
  if (host.empty()) {
    co_return false;
  }
  if (host == gateway_.hostname) {
    co_return true;
  }
  const auto addresses = co_await dns_->addresses(host);
  if (!addresses.has_value()) {
    co_return std::unexpected{addresses.error()};
  }
  const bool are_ours = std::ranges::all_of(*addresses, [&](const std::string& text) {
    const auto address = policy::parse_ip_address(text);
    return address.has_value() && gateway_.networks.contains(*address);
  });
  co_return are_ours && !addresses->empty();
}

Result<MxSighting> DomainWatch::stand_of(const std::string& domain) const {
  return sightings_.of(domain);
}

Result<std::map<std::string, MxSighting>> DomainWatch::sightings() const {
  return sightings_.all();
}

Task<void> DomainWatch::look_at_due(std::vector<std::string> domains, std::int64_t now) {
  forget_others(domains);
  for (const std::string& domain : domains) {
    const auto tried = tried_.find(domain);
    if (tried == tried_.end() || is_due(now, tried->second, kSecondsBetweenLooks)) {
      // What DNS or the disk refuses now is tried again in an hour; `seen` tells how old it is.
      static_cast<void>(co_await look(domain, now));
    }
  }
}

void DomainWatch::forget_others(const std::vector<std::string>& domains) {
  const auto is_other = [&](const auto& entry) {
    return std::ranges::find(domains, entry.first) == domains.end();
  };
  std::erase_if(tried_, is_other);
  const auto known = sightings_.all();
  if (!known.has_value()) {
    return;
  }
  for (const auto& entry : *known) {
    if (is_other(entry)) {
      // Harmless as long as it stays; the next time it is tried again.
      static_cast<void>(sightings_.remove(entry.first));
    }
  }
}

Task<std::vector<SpfCheck>> DomainWatch::check_spf(std::string domain) {
  return check_spf_of(std::move(domain), gateway_.samples);
}

Task<std::vector<SpfCheck>> DomainWatch::check_spf_of(std::string domain,
                                                      const std::vector<SampledNetwork>& samples) {
  const auto deadline = std::chrono::steady_clock::now() + kLongestCheck;
  std::vector<SpfCheck> checks = open_checks(samples);
  for (SpfCheck& check : checks) {
    if (std::chrono::steady_clock::now() < deadline) {
      check.answer = co_await dns_->spf(domain, check.address);
    }
  }
  co_return checks;
}

}  // namespace directory
