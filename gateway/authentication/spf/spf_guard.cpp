// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/spf/spf_guard.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/spf/spf_result.h"
#include "gateway/authentication/spf/spf_term_name.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dns_name.h"
#include "policy/mail_records/spf_macro.h"
#include "policy/mail_records/spf_record.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Mechanism = policy::SpfDirective::Mechanism;

constexpr unsigned kMappedBits = 96;
// A record with more is not believed to be one; longer ones do exist, but hardly.
constexpr std::size_t kLongestRecord = 8192;

DnsAnswer with_status(DnsStatus status) {
  DnsAnswer answer;
  answer.status = status;
  return answer;
}

// What `exists` finds where there is something.
DnsAnswer some_address(bool is_there) {
  DnsAnswer answer = with_status(is_there ? DnsStatus::kFound : DnsStatus::kNoName);
  if (is_there) {
    answer.addresses.push_back(policy::mapped_ipv4({127, 0, 0, 2}));
  }
  return answer;
}

std::string reverse_name(const policy::IpAddress& client) {
  const policy::SpfSubject subject{
      .client = client, .helo = {}, .local_part = {}, .sender_domain = {}};
  const std::function<std::string()> nobody = [] { return std::string{}; };
  return policy::expand_domain_spec("%{ir}.%{v}.arpa",
                                    {.subject = subject, .domain = {}, .validated_name = nobody});
}

unsigned prefix_bits(const policy::SpfDirective& directive, bool is_ip4) {
  return is_ip4 ? directive.ip4_bits : directive.ip6_bits;
}

// `/24` or `//64`, as the client's family has it.
std::string prefix_text(const policy::SpfDirective& directive, bool is_ip4) {
  return (is_ip4 ? "/" : "//") + std::to_string(prefix_bits(directive, is_ip4));
}

}  // namespace

SpfGuard::SpfGuard(DnsResolver& resolver,
                   policy::SpfSubject subject,
                   DnsResolver::Deadline deadline)
    : resolver_(resolver), subject_(std::move(subject)), deadline_(deadline) {
  subject_.sender_domain = policy::lower_dns_name(subject_.sender_domain);
}

void SpfGuard::begin() {
  const std::string& domain = subject_.sender_domain;
  if (!policy::is_remote(subject_.client) || !policy::is_dns_name(domain) ||
      !domain.contains('.') || domain.contains('[')) {
    decide(SpfResult::kNone);
    return;
  }
  terms_.push_back(
      {.kind = Term::Kind::kRecord, .spec = {}, .domain = domain, .known = std::nullopt});
  terms_.front().known = record_of(domain, true);
}

DnsAnswer SpfGuard::answer(std::uint32_t number, DnsType type) {
  if (decided_.has_value()) {
    return {};
  }
  if (number >= terms_.size()) {
    return with_status(DnsStatus::kNoName);
  }
  const Term::Kind kind = terms_[number].kind;
  DnsType expected = DnsType::kA;
  if (kind == Term::Kind::kRecord) {
    expected = DnsType::kTxt;
  } else if (kind == Term::Kind::kExchanges) {
    expected = DnsType::kMx;
  } else if (kind == Term::Kind::kAddresses || kind == Term::Kind::kExchange) {
    expected = address_type();
  }
  if (type != expected) {
    return with_status(DnsStatus::kNoData);
  }
  if (const std::optional<DnsAnswer>& known = terms_[number].known; known.has_value()) {
    return *known;
  }
  const DnsAnswer found = evaluate(number);
  terms_[number].known = found;
  return decided_.has_value() ? DnsAnswer{} : found;
}

DnsAnswer SpfGuard::evaluate(std::uint32_t number) {
  const Term term = terms_[number];
  if (term.kind == Term::Kind::kExchange) {
    return ask(term.domain, address_type());
  }
  if (++counted_terms_ > kMostTerms) {
    return decide(SpfResult::kPermError);
  }
  const std::string name = expand(term);
  switch (term.kind) {
    case Term::Kind::kRecord: return record_of(name, false);
    case Term::Kind::kAddresses: return ask_for_term(name, address_type());
    case Term::Kind::kExchanges: return exchanges_of(name);
    case Term::Kind::kAnyAddress:
      return some_address(ask_for_term(name, address_type()).status == DnsStatus::kFound);
    case Term::Kind::kAnyExchange: return any_exchange(name);
    case Term::Kind::kPointers: return pointers_within(name);
    case Term::Kind::kExists:
      return some_address(ask_for_term(name, DnsType::kA).status == DnsStatus::kFound);
    case Term::Kind::kExchange: break;
  }
  return {};
}

DnsAnswer SpfGuard::record_of(const std::string& domain, bool is_first) {
  const DnsAnswer found = ask(domain, DnsType::kTxt);
  if (decided_.has_value()) {
    return {};
  }
  std::vector<std::string> records = found.texts;
  std::erase_if(records, [](const std::string& text) { return !policy::is_spf_record(text); });
  if (records.empty()) {
    // A record that another one names must exist (RFC 7208, 5.2 and 6.1).
    return decide(is_first ? SpfResult::kNone : SpfResult::kPermError);
  }
  const auto record = records.size() == 1 && records.front().size() <= kLongestRecord
                          ? policy::parse_spf_record(records.front())
                          : std::nullopt;
  if (!record.has_value()) {
    return decide(SpfResult::kPermError);
  }
  DnsAnswer answer = with_status(DnsStatus::kFound);
  answer.texts.push_back(rewritten(*record, domain));
  return answer;
}

DnsAnswer SpfGuard::exchanges_of(const std::string& domain) {
  DnsAnswer found = ask_for_term(domain, DnsType::kMx);
  if (found.names.size() > kMostNames) {
    return decide(SpfResult::kPermError);
  }
  for (std::string& name : found.names) {
    name = new_term(Term::Kind::kExchange, {}, name);
  }
  return found;
}

DnsAnswer SpfGuard::any_exchange(const std::string& domain) {
  const DnsAnswer found = ask_for_term(domain, DnsType::kMx);
  if (found.names.size() > kMostNames) {
    return decide(SpfResult::kPermError);
  }
  return some_address(std::ranges::any_of(found.names, [&](const std::string& name) {
    return ask(name, address_type()).status == DnsStatus::kFound;
  }));
}

DnsAnswer SpfGuard::pointers_within(const std::string& domain) {
  return some_address(std::ranges::any_of(validated_names(), [&](const std::string& name) {
    return policy::is_within_domain(name, domain);
  }));
}

// Errors on the way only mean fewer names (RFC 7208, 5.5).
const std::vector<std::string>& SpfGuard::validated_names() {
  if (validated_names_.has_value()) {
    return *validated_names_;
  }
  validated_names_.emplace();
  const auto quietly = [&](const std::string& name, DnsType type) {
    ++questions_;
    return questions_ <= kMostQuestions ? resolver_.ask({.name = name, .type = type}, deadline_)
                                        : DnsAnswer{};
  };
  const DnsAnswer pointers = quietly(reverse_name(subject_.client), DnsType::kPtr);
  const std::size_t most = std::min<std::size_t>(pointers.names.size(), kMostNames);
  for (std::size_t i = 0; i < most; ++i) {
    const std::string& name = pointers.names[i];
    if (std::ranges::count(quietly(name, address_type()).addresses, subject_.client) > 0) {
      validated_names_->push_back(name);
    }
  }
  return *validated_names_;
}

// The domain itself, else a name below it, else any (RFC 7208, 7.3).
std::string SpfGuard::validated_name_for(std::string_view domain) {
  const auto& names = validated_names();
  if (names.empty()) {
    return "unknown";
  }
  const auto itself = std::ranges::find(names, domain);
  const auto below = std::ranges::find_if(
      names, [&](const std::string& name) { return policy::is_within_domain(name, domain); });
  if (itself != names.end()) {
    return *itself;
  }
  return below != names.end() ? *below : names.front();
}

DnsAnswer SpfGuard::ask(const std::string& name, DnsType type) {
  if (++questions_ > kMostQuestions) {
    return decide(SpfResult::kPermError);
  }
  if (!policy::is_dns_name(name)) {
    return with_status(DnsStatus::kNoName);
  }
  DnsAnswer answer = resolver_.ask({.name = name, .type = type}, deadline_);
  return answer.status == DnsStatus::kTemporaryFailure ? decide(SpfResult::kTempError)
                                                       : std::move(answer);
}

DnsAnswer SpfGuard::ask_for_term(const std::string& name, DnsType type) {
  DnsAnswer answer = ask(name, type);
  const bool is_void = answer.status == DnsStatus::kNoData || answer.status == DnsStatus::kNoName;
  if (is_void && ++void_look_ups_ > kMostVoidLookUps) {
    return decide(SpfResult::kPermError);
  }
  return answer;
}

DnsType SpfGuard::address_type() const {
  return policy::is_ipv4(subject_.client) ? DnsType::kA : DnsType::kAaaa;
}

std::string SpfGuard::expand(const Term& term) {
  if (term.spec.empty()) {
    return term.domain;
  }
  const std::function<std::string()> validated_name = [&] {
    return validated_name_for(term.domain);
  };
  return policy::expand_domain_spec(
      term.spec, {.subject = subject_, .domain = term.domain, .validated_name = validated_name});
}

// The terms up to the first that is sure to end the check.
std::string SpfGuard::rewritten(const policy::SpfRecord& record, const std::string& domain) {
  std::string text = "v=spf1";
  const std::size_t before = terms_.size();
  for (const policy::SpfDirective& directive : record.directives) {
    const auto term = rewritten(directive, domain);
    text += term.has_value() ? " " + std::string{directive.qualifier} + *term : "";
    const bool is_last = term.has_value() && (term->starts_with("all") || term->starts_with("ip"));
    if (is_last || terms_.size() - before > kMostTerms) {
      return text;
    }
  }
  if (record.redirect.has_value()) {
    return text + " redirect=" + new_term(Term::Kind::kRecord, *record.redirect, domain);
  }
  return text + " ?all";
}

// Nothing for a term that cannot match.
std::optional<std::string> SpfGuard::rewritten(const policy::SpfDirective& directive,
                                               const std::string& domain) {
  const bool is_ip4 = policy::is_ipv4(subject_.client);
  const unsigned bits = prefix_bits(directive, is_ip4);
  switch (directive.mechanism) {
    case Mechanism::kAll: return "all";
    case Mechanism::kInclude:
      return "include:" + new_term(Term::Kind::kRecord, directive.domain, domain);
    case Mechanism::kExists:
      return "exists:" + new_term(Term::Kind::kExists, directive.domain, domain);
    case Mechanism::kPtr:
      return "exists:" + new_term(Term::Kind::kPointers, directive.domain, domain);
    case Mechanism::kA:
      return bits == 0 ? "exists:" + new_term(Term::Kind::kAnyAddress, directive.domain, domain)
                       : "a:" + new_term(Term::Kind::kAddresses, directive.domain, domain) +
                             prefix_text(directive, is_ip4);
    case Mechanism::kMx:
      return bits == 0 ? "exists:" + new_term(Term::Kind::kAnyExchange, directive.domain, domain)
                       : "mx:" + new_term(Term::Kind::kExchanges, directive.domain, domain) +
                             prefix_text(directive, is_ip4);
    case Mechanism::kIp4:
    case Mechanism::kIp6: break;
  }
  const bool same_family = (directive.mechanism == Mechanism::kIp4) == is_ip4;
  if (!same_family || !policy::same_network(
                          directive.network, subject_.client, bits + (is_ip4 ? kMappedBits : 0))) {
    return std::nullopt;
  }
  // The library refuses the length 0.
  return bits == 0 ? "all"
                   : (is_ip4 ? "ip4:" : "ip6:") + policy::ip_address_text(directive.network) + "/" +
                         std::to_string(bits);
}

std::string SpfGuard::new_term(Term::Kind kind, std::string spec, std::string domain) {
  terms_.push_back(
      {.kind = kind, .spec = std::move(spec), .domain = std::move(domain), .known = std::nullopt});
  return spf_term_name(static_cast<std::uint32_t>(terms_.size() - 1));
}

DnsAnswer SpfGuard::decide(SpfResult result) {
  if (!decided_.has_value()) {
    decided_ = result;
  }
  return {};
}

}  // namespace gateway
