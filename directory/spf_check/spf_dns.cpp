// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/spf_check/spf_dns.h"

#include "directory/dns/dns_message.h"
#include "directory/dns/mail_dns.h"
#include "policy/ip_address.h"
#include "policy/networks.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::size_t kLongestRecord = 4096;
constexpr std::size_t kMostHosts = 10;
constexpr std::string_view kVersion = "v=spf1";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view text, std::string_view begin) {
  return text.size() >= begin.size() &&
         std::ranges::equal(text.substr(0, begin.size()), begin, {}, lower);
}

bool is_spf_record(std::string_view text) {
  return begins_with(text, kVersion) &&
         (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

// A network of an SPF record holds for clients of its own family alone.
struct Term {
  policy::Network network;
  bool is_ip4 = false;

  [[nodiscard]] bool holds_for(const policy::IpAddress& client) const {
    return policy::is_ipv4(client) == is_ip4 &&
           policy::same_network(network.address, client, network.prefix_bits);
  }
};

// What RFC 7208, 5.6 has: `policy::parse_network` also takes other spellings.
bool is_strict_network(std::string_view text, bool is_ip4) {
  const std::size_t slash = text.find('/');
  const std::string_view prefix = slash == std::string_view::npos ? "0" : text.substr(slash + 1);
  return text.find_first_not_of("0123456789abcdefABCDEF:./") == std::string_view::npos &&
         text.contains(':') != is_ip4 && (prefix == "0" || !prefix.starts_with('0'));
}

// The term `ip4:192.0.2.0/24`, say, whose qualifier is not given; nothing for another one.
std::optional<Term> network_term(std::string_view mechanism) {
  const bool is_ip4 = begins_with(mechanism, "ip4:");
  if (!is_ip4 && !begins_with(mechanism, "ip6:")) {
    return std::nullopt;
  }
  const std::string_view text = mechanism.substr(4);
  const auto network = policy::parse_network(text);
  if (!network.has_value() || !is_strict_network(text, is_ip4)) {
    return std::nullopt;
  }
  return Term{.network = *network, .is_ip4 = is_ip4};
}

// The terms of a record after its version.
std::vector<std::string_view> terms_of(std::string_view record) {
  std::vector<std::string_view> terms;
  std::size_t at = kVersion.size();
  while (at < record.size()) {
    const std::size_t end = std::min(record.find(' ', at), record.size());
    if (end > at) {
      terms.push_back(record.substr(at, end - at));
    }
    at = end + 1;
  }
  return terms;
}

bool is_qualifier(char c) {
  return c == '+' || c == '-' || c == '~' || c == '?';
}

// Whether a mechanism has the form of RFC 7208, 5; `rest` is what follows its name.
bool is_mechanism(std::string_view mechanism, std::string_view name, std::string_view rest) {
  const bool has_domain = rest.size() > 1 && rest.front() == ':';
  if (name == "ip4" || name == "ip6") {
    return network_term(mechanism).has_value();
  }
  if (name == "include" || name == "exists") {
    return has_domain;
  }
  if (name == "a" || name == "mx") {
    return rest.empty() || has_domain || rest.front() == '/';
  }
  return name == "ptr" ? rest.empty() || has_domain : name == "all" && rest.empty();
}

// Whether a modifier has the form of RFC 7208, 6; `rest` is what follows its name, `modifiers` the
// names of those before it.
bool is_modifier(const std::string& name, std::string_view rest, std::set<std::string>& modifiers) {
  const bool is_new = modifiers.insert(name).second;
  const bool is_known = name == "redirect" || name == "exp";
  return !name.empty() && (!is_known || (is_new && rest.size() > 1));
}

// The first term that RFC 7208 does not know; empty if there is none. The library lets some pass.
// What is within a domain is left to it.
std::string_view term_in_error(std::string_view record) {
  std::set<std::string> modifiers;
  for (const std::string_view term : terms_of(record)) {
    const bool is_qualified = is_qualifier(term.front());
    const std::string_view bare = term.substr(is_qualified ? 1 : 0);
    const std::size_t end = std::min(bare.find_first_of(":/="), bare.size());
    const std::string name = lower_dns_name(bare.substr(0, end));
    const std::string_view rest = bare.substr(end);
    const bool is_right = rest.starts_with('=')
                              ? !is_qualified && is_modifier(name, rest, modifiers)
                              : is_mechanism(bare, name, rest);
    if (!is_right) {
      return term;
    }
  }
  return {};
}

}  // namespace

std::string record_for_client(std::string_view record, const policy::IpAddress& client) {
  std::string kept{record.substr(0, kVersion.size())};
  bool is_decided = false;
  for (const std::string_view term : terms_of(record)) {
    const bool is_qualified = is_qualifier(term.front());
    const auto network = network_term(is_qualified ? term.substr(1) : term);
    if (!network.has_value()) {
      kept += " ";
      kept += term;
    } else if (!is_decided && network->holds_for(client)) {
      kept += is_qualified ? std::string{" "} + term.front() + "all" : " all";
      is_decided = true;
    }
  }
  return kept;
}

SpfDns::SpfDns(Ask ask, std::string domain, const policy::IpAddress& client)
    : ask_(std::move(ask)), domain_(std::move(domain)), client_(client) {}

DnsAnswer SpfDns::look_up(std::string_view name, DnsType type) {
  if (decided_.has_value()) {
    return {};
  }
  const std::string asked = lower_dns_name(name);
  const bool is_first = !std::exchange(is_begun_, true);
  const bool is_address = type == DnsType::kA || type == DnsType::kAaaa;
  const bool is_term = !is_first && !(is_address && hosts_.contains(asked));
  terms_ += is_term ? 1 : 0;
  if (terms_ > kMostTerms || ++questions_ > kMostQuestions) {
    return decide(SpfResult::kPermError,
                  "the record of " + domain_ +
                      " needs more than 10 look-ups in DNS, which is the most that servers do "
                      "(RFC 7208, 4.6.4); take terms out of it");
  }
  DnsAnswer answer;
  answer.status = DnsStatus::kAbsent;
  if (is_dns_name(asked)) {
    answer = ask_({.name = asked, .type = type});
  }
  if (answer.status == DnsStatus::kFailed) {
    return decide(SpfResult::kTempError, "DNS gives no answer for " + asked);
  }
  if (type == DnsType::kTxt) {
    return record_of(std::move(answer), asked, is_first);
  }
  if (is_term && answer.status == DnsStatus::kAbsent && ++void_look_ups_ > kMostVoidLookUps) {
    return decide(SpfResult::kPermError,
                  "the record of " + domain_ + " names more than 2 hosts that do not exist, " +
                      asked + " among them (RFC 7208, 4.6.4)");
  }
  return is_address ? answer : hosts_of(std::move(answer), asked, type);
}

DnsAnswer SpfDns::record_of(DnsAnswer answer, const std::string& name, bool is_first) {
  std::erase_if(answer.texts, [](const std::string& text) { return !is_spf_record(text); });
  if (answer.texts.empty()) {
    // A record that another one names must exist (RFC 7208, 5.2 and 6.1).
    return is_first
               ? decide(SpfResult::kNone, name + " has no SPF record")
               : decide(SpfResult::kPermError,
                        name + ", which the record of " + domain_ + " names, has no SPF record");
  }
  if (answer.texts.size() > 1) {
    return decide(SpfResult::kPermError,
                  name + " has more than one SPF record; make them one (RFC 7208, 4.5)");
  }
  std::string& record = answer.texts.front();
  if (record.size() > kLongestRecord || !is_printable(record)) {
    return decide(SpfResult::kPermError,
                  "the SPF record of " + name + " is too long or has octets that no record has");
  }
  const std::string_view wrong = term_in_error(record);
  if (!wrong.empty()) {
    return decide(SpfResult::kPermError,
                  "the SPF record of " + name + " has a term in error: " + std::string{wrong});
  }
  if (is_first) {
    record_ = record;
  }
  record = record_for_client(record, client_);
  return answer;
}

DnsAnswer SpfDns::hosts_of(DnsAnswer answer, const std::string& name, DnsType type) {
  std::erase_if(answer.hosts, [](const MxHost& each) { return each.host.empty(); });
  if (answer.hosts.size() > kMostHosts) {
    if (type == DnsType::kMx) {
      return decide(
          SpfResult::kPermError,
          name + " has more than 10 MX hosts, which SPF does not allow (RFC 7208, 4.6.4)");
    }
    answer.hosts.resize(kMostHosts);
  }
  for (const MxHost& each : answer.hosts) {
    hosts_.insert(each.host);
  }
  return answer;
}

DnsAnswer SpfDns::decide(SpfResult result, std::string explanation) {
  decided_ = SpfAnswer{.result = result, .explanation = std::move(explanation)};
  return {};
}

}  // namespace directory
