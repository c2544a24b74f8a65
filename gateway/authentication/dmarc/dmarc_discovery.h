// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/mail_records/public_suffix_list.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What DMARC says about a From domain.
struct DiscoveredDmarc {
  enum class Status { kFound, kNone, kTemporaryFailure };

  Status status = Status::kTemporaryFailure;
  policy::DmarcRecord record;
  std::string record_domain;  ///< where the record was
  policy::DmarcPolicy policy =
      policy::DmarcPolicy::kNone;  ///< that applies to the From domain: p, sp or np
};

/// Finds records and organizational domains: by the public suffix list as RFC 7489 has it, or by
/// the tree walk of RFC 9989 without one. Of one message; used by one thread.
class DmarcDiscovery {
 public:
  /// `list` may be null: the tree is walked. `resolver` outlives the discovery.
  DmarcDiscovery(DnsResolver& resolver,
                 std::shared_ptr<const policy::PublicSuffixList> list,
                 DnsResolver::Deadline deadline)
      : resolver_(resolver), list_(std::move(list)), deadline_(deadline) {}

  /// `domain` is From's, as `is_mail_domain` has it, in lower case.
  [[nodiscard]] DiscoveredDmarc discover(const std::string& domain);

  /// Whether an authenticated domain speaks for the From domain; nothing where DNS failed.
  [[nodiscard]] std::optional<bool> aligns(const std::string& from,
                                           const std::string& authenticated,
                                           policy::AlignmentMode mode);

  /// Asked of DNS so far.
  [[nodiscard]] unsigned questions() const { return questions_; }

 private:
  /// A record that a walk met, and where.
  struct Met {
    std::string domain;
    policy::DmarcRecord record;
  };

  /// The records from a domain up its tree; nothing where DNS failed.
  using Walk = std::optional<std::vector<Met>>;

  [[nodiscard]] Walk walk(const std::string& domain);
  [[nodiscard]] DiscoveredDmarc discover_by_list(const std::string& domain);
  [[nodiscard]] DiscoveredDmarc discover_by_walk(const std::string& domain);
  [[nodiscard]] std::optional<std::string> organizational_domain(const std::string& domain);
  [[nodiscard]] DiscoveredDmarc found(const Met& met, const std::string& domain);
  [[nodiscard]] DnsAnswer ask(std::string name, DnsType type);

  DnsResolver& resolver_;
  std::shared_ptr<const policy::PublicSuffixList> list_;
  DnsResolver::Deadline deadline_;
  unsigned questions_ = 0;
};

}  // namespace gateway
