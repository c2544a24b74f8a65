// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/domain_mail.h"

#include "directory/dns/mail_dns.h"
#include "directory/posture/spf_reach.h"
#include "directory/task.h"
#include "policy/mail_address.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/mail_records/public_suffix_list.h"
#include "policy/mail_records/spf_record.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

constexpr std::size_t kLongestShown = 2048;

std::string shown_record(std::string_view record) {
  return policy::visible_text(record.substr(0, kLongestShown)) +
         (record.size() > kLongestShown ? "..." : "");
}

Task<SpfPosture> look_at_spf(MailDns& dns, std::string domain) {
  using enum SpfPosture::Status;
  SpfPosture posture;
  Result<std::vector<std::string>> texts = co_await dns.txt(domain);
  if (!texts.has_value()) {
    posture.reason = policy::visible_text(texts.error().message);
    co_return posture;
  }
  PublishedSpf published = choose_spf_record(*std::move(texts));
  posture.record = shown_record(published.text);
  std::optional<policy::SpfRecord>& record = published.record;
  if (!record.has_value()) {
    posture.status = published.text.empty() ? kAbsent : kInvalid;
    posture.allows_any = false;
    if (posture.status == kInvalid) {
      posture.notes.push_back(std::move(published.problem));
    }
    co_return posture;
  }
  SpfReach reach = co_await find_spf_reach(dns, domain, *std::move(record));
  posture.status = kFound;
  posture.allows_any = reach.allows_any;
  posture.reason = std::move(reach.reason);
  posture.notes = std::move(reach.notes);
  co_return posture;
}

// What the record says of a domain; `is_own` if it stands there, else at its organizational domain.
DmarcPosture posture_of(const policy::DmarcRecord& record, bool is_own) {
  DmarcPosture posture;
  posture.status = DmarcPosture::Status::kFound;
  posture.subdomain_policy = record.subdomain_policy.value_or(record.policy);
  posture.policy = is_own ? record.policy : posture.subdomain_policy;
  posture.percent = record.percent;
  posture.is_test = record.is_test;
  return posture;
}

// What the records of one name say; nothing where there are none, and another name may have one.
std::optional<DmarcPosture> read_dmarc(std::vector<std::string> texts,
                                       const std::string& place,
                                       bool is_own) {
  std::erase_if(texts, [](const std::string& text) { return !policy::is_dmarc_record(text); });
  if (texts.empty()) {
    return std::nullopt;
  }
  DmarcPosture posture;
  posture.status = DmarcPosture::Status::kAbsent;
  const std::optional<policy::DmarcRecord> record = policy::choose_dmarc_record(texts);
  if (record.has_value()) {
    posture = posture_of(*record, is_own);
  } else if (texts.size() > 1) {
    posture.status = DmarcPosture::Status::kSeveral;
    posture.notes.push_back("there is more than one DMARC record at _dmarc." + place +
                            ", and receivers take none (RFC 7489, 6.6.3)");
  } else {
    posture.notes.push_back("the DMARC record at _dmarc." + place +
                            " has no right policy, and receivers do not take it (RFC 7489, 6.6.3)");
  }
  posture.record = shown_record(texts.front());
  posture.record_domain = place;
  return posture;
}

Task<DmarcPosture> look_at_dmarc(MailDns& dns,
                                 std::string domain,
                                 std::shared_ptr<const policy::PublicSuffixList> list) {
  DmarcPosture posture;
  std::vector<std::string> places{domain};
  if (list != nullptr && list->organizational_domain(domain) != domain) {
    places.push_back(list->organizational_domain(domain));
  }
  for (const std::string& place : places) {
    const std::string name = "_dmarc." + place;
    Result<std::vector<std::string>> texts = co_await dns.txt(name);
    if (!texts.has_value()) {
      posture.notes.push_back(policy::visible_text(texts.error().message));
      co_return posture;
    }
    std::optional<DmarcPosture> read = read_dmarc(*std::move(texts), place, place == domain);
    if (read.has_value()) {
      co_return *std::move(read);
    }
  }
  if (list == nullptr && std::ranges::count(domain, '.') > 1) {
    posture.notes.emplace_back(
        "there is no public suffix list, so where the record of its organization would be is not "
        "known; install the package publicsuffix");
    co_return posture;
  }
  posture.status = DmarcPosture::Status::kAbsent;
  co_return posture;
}

}  // namespace

Task<DomainMail> look_at_domain_mail(MailDns& dns,
                                     std::string domain,
                                     std::shared_ptr<const policy::PublicSuffixList> list) {
  DomainMail mail;
  mail.domain = policy::canonical_domain(domain);
  mail.spf = co_await look_at_spf(dns, mail.domain);
  mail.dmarc = co_await look_at_dmarc(dns, mail.domain, std::move(list));
  co_return mail;
}

}  // namespace directory
