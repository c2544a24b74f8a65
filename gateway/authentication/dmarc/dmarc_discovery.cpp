// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dmarc/dmarc_discovery.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/mail_records/dns_name.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

// A longer name is walked from its begin, then from so many labels on (RFC 9989, tree walk).
constexpr std::ptrdiff_t kLabelsOfSecondStep = 7;

std::ptrdiff_t labels_of(std::string_view domain) {
  return std::ranges::count(domain, '.') + 1;
}

// Empty above a single label.
std::string parent_of(std::string_view domain) {
  const std::size_t dot = domain.find('.');
  return dot == std::string_view::npos ? std::string{} : std::string{domain.substr(dot + 1)};
}

std::string next_step(const std::string& domain, bool is_first) {
  std::string next = parent_of(domain);
  while (is_first && labels_of(next) > kLabelsOfSecondStep) {
    next = parent_of(next);
  }
  return next;
}

// The name one label below `suffix` on the way to `domain`.
std::string child_towards(const std::string& suffix, const std::string& domain) {
  const std::size_t rest = domain.size() - suffix.size() - 1;
  const std::size_t dot = domain.rfind('.', rest - 1);
  return dot == std::string::npos ? domain : domain.substr(dot + 1);
}

DiscoveredDmarc without_record(DiscoveredDmarc::Status status) {
  DiscoveredDmarc none;
  none.status = status;
  return none;
}

}  // namespace

DiscoveredDmarc DmarcDiscovery::discover(const std::string& domain) {
  return list_ != nullptr ? discover_by_list(domain) : discover_by_walk(domain);
}

DiscoveredDmarc DmarcDiscovery::discover_by_list(const std::string& domain) {
  const std::string organization = list_->organizational_domain(domain);
  for (const std::string& place : {domain, organization}) {
    const DnsAnswer answer = ask("_dmarc." + place, DnsType::kTxt);
    if (answer.status == DnsStatus::kTemporaryFailure) {
      return without_record(DiscoveredDmarc::Status::kTemporaryFailure);
    }
    if (const auto record = policy::choose_dmarc_record(answer.texts); record.has_value()) {
      return found({.domain = place, .record = *record}, domain);
    }
    const bool has_any = std::ranges::any_of(answer.texts, policy::is_dmarc_record);
    if (has_any || organization == domain) {
      break;
    }
  }
  return without_record(DiscoveredDmarc::Status::kNone);
}

DiscoveredDmarc DmarcDiscovery::discover_by_walk(const std::string& domain) {
  const Walk met = walk(domain);
  if (!met.has_value()) {
    return without_record(DiscoveredDmarc::Status::kTemporaryFailure);
  }
  if (met->empty()) {
    return without_record(DiscoveredDmarc::Status::kNone);
  }
  if (met->front().domain == domain) {
    return found(met->front(), domain);
  }
  const auto organization = organizational_domain(domain);
  const auto of_organization = std::ranges::find(*met, organization.value_or(""), &Met::domain);
  return found(of_organization != met->end() ? *of_organization : met->back(), domain);
}

DmarcDiscovery::Walk DmarcDiscovery::walk(const std::string& domain) {
  std::vector<Met> met;
  for (std::string place = domain; !place.empty(); place = next_step(place, place == domain)) {
    const DnsAnswer answer = ask("_dmarc." + place, DnsType::kTxt);
    if (answer.status == DnsStatus::kTemporaryFailure) {
      return std::nullopt;
    }
    const auto record = policy::choose_dmarc_record(answer.texts);
    if (!record.has_value()) {
      continue;
    }
    met.push_back({.domain = place, .record = *record});
    const bool is_suffix =
        record->public_suffix == policy::PublicSuffixClaim::kYes && place != domain;
    if (is_suffix || record->public_suffix == policy::PublicSuffixClaim::kNo) {
      break;
    }
  }
  return met;
}

std::optional<std::string> DmarcDiscovery::organizational_domain(const std::string& domain) {
  if (list_ != nullptr) {
    return list_->organizational_domain(domain);
  }
  const Walk met = walk(domain);
  if (!met.has_value()) {
    return std::nullopt;
  }
  if (met->empty()) {
    return domain;
  }
  // The walk ends at a claim; else the last record is that of the fewest labels.
  const Met& last = met->back();
  const bool is_suffix =
      last.record.public_suffix == policy::PublicSuffixClaim::kYes && last.domain != domain;
  return is_suffix ? child_towards(last.domain, domain) : last.domain;
}

std::optional<bool> DmarcDiscovery::aligns(const std::string& from,
                                           const std::string& authenticated,
                                           policy::AlignmentMode mode) {
  if (from == authenticated) {
    return true;
  }
  if (mode == policy::AlignmentMode::kStrict) {
    return false;
  }
  const auto organization = organizational_domain(from);
  if (!organization.has_value()) {
    return std::nullopt;
  }
  if (!policy::is_within_domain(authenticated, *organization)) {
    return false;
  }
  const auto other = organizational_domain(authenticated);
  return other.has_value() ? std::optional{*other == *organization} : std::nullopt;
}

// Which of its policies the record has for the domain. Whether a domain exists is asked only where
// it changes something.
DiscoveredDmarc DmarcDiscovery::found(const Met& met, const std::string& domain) {
  DiscoveredDmarc discovered;
  discovered.status = DiscoveredDmarc::Status::kFound;
  discovered.record = met.record;
  discovered.record_domain = met.domain;
  discovered.policy = met.record.policy;
  if (met.domain == domain) {
    return discovered;
  }
  discovered.policy = met.record.subdomain_policy.value_or(met.record.policy);
  const std::optional<policy::DmarcPolicy>& of_absent = met.record.absent_subdomain_policy;
  if (of_absent.has_value() && ask(domain, DnsType::kA).status == DnsStatus::kNoName) {
    discovered.policy = *of_absent;
  }
  return discovered;
}

DnsAnswer DmarcDiscovery::ask(std::string name, DnsType type) {
  if (!policy::is_dns_name(name)) {
    DnsAnswer absent;
    absent.status = DnsStatus::kNoName;
    return absent;
  }
  ++questions_;
  return resolver_.ask({.name = std::move(name), .type = type}, deadline_);
}

}  // namespace gateway
