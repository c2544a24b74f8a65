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

// The network of a term such as `-ip4:192.0.2.0/24` without its qualifier; nothing for another one.
std::optional<policy::Network> network_of(std::string_view mechanism) {
  const bool is_ip4 = begins_with(mechanism, "ip4:");
  if (!is_ip4 && !begins_with(mechanism, "ip6:")) {
    return std::nullopt;
  }
  const std::string_view text = mechanism.substr(4);
  const bool is_plain =
      text.find_first_not_of("0123456789abcdefABCDEF:./") == std::string_view::npos;
  const bool is_of_family = text.contains(':') != is_ip4;
  return is_plain && is_of_family ? policy::parse_network(text) : std::nullopt;
}

}  // namespace

std::string record_for_client(std::string_view record, const policy::IpAddress& client) {
  std::string kept{record.substr(0, kVersion.size())};
  std::size_t at = kVersion.size();
  bool is_decided = false;
  while (at < record.size()) {
    const std::size_t end = std::min(record.find(' ', at), record.size());
    const std::string_view term = record.substr(at, end - at);
    at = end + 1;
    const bool is_qualified = !term.empty() && std::string_view{"+-~?"}.contains(term.front());
    const auto network = network_of(is_qualified ? term.substr(1) : term);
    if (!network.has_value()) {
      kept += term.empty() ? "" : " ";
      kept += term;
    } else if (!is_decided &&
               policy::same_network(network->address, client, network->prefix_bits)) {
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
