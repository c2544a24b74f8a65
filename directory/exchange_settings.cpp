// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange_settings.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/ip_address.h"
#include "policy/mail_address.h"
#include "policy/networks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::MappingReader;
using Mode = ExchangeSettings::Mode;

constexpr std::size_t kLongestHeaderName = 64;  // of a transport rule
constexpr std::string_view kAnyHost = "*.";

std::vector<std::string> read_networks(MappingReader& reader, std::string_view key, bool is_ipv4) {
  std::vector<std::string> networks = reader.strings(key).value_or(std::vector<std::string>{});
  const auto parsed = policy::Networks::parse(networks);
  if (!parsed.has_value()) {
    reader.error(key, parsed.error().message);
  }
  for (const std::string& each : networks) {
    const auto address = policy::parse_ip_address(std::string_view{each}.substr(0, each.find('/')));
    if (is_ipv4 && address.has_value() && !policy::is_ipv4(*address)) {
      reader.error(key,
                   fmt::format("connectors of Exchange take IPv4 alone; remove {}, and name an "
                               "IPv4 address of the gateway or its 'certificate'",
                               policy::quoted_excerpt(each)));
    }
  }
  return networks;
}

std::string read_host(MappingReader& reader, std::string_view key, std::string_view text) {
  auto parsed = policy::parse_configured_domain(text);
  if (!parsed.has_value()) {
    reader.error(key, parsed.error().message);
    return {};
  }
  return *std::move(parsed);
}

void read_inbound(MappingReader& reader, ExchangeSettings& settings) {
  auto mapping = reader.mapping("inbound");
  if (!mapping.has_value()) {
    return;
  }
  settings.inbound_addresses = read_networks(*mapping, "addresses", true);
  if (const auto name = mapping->string("certificate"); name.has_value()) {
    const bool is_any = name->starts_with(kAnyHost);
    settings.inbound_certificate = read_host(
        *mapping, "certificate", std::string_view{*name}.substr(is_any ? kAnyHost.size() : 0));
    settings.inbound_certificate.insert(0, is_any ? kAnyHost : "");
  }
  mapping->finish();
}

void read_outbound(MappingReader& reader, ExchangeSettings& settings) {
  auto mapping = reader.mapping("outbound");
  if (!mapping.has_value()) {
    return;
  }
  settings.outbound_addresses = read_networks(*mapping, "addresses", false);
  if (const auto host = mapping->string("smart_host"); host.has_value()) {
    settings.smart_host = read_host(*mapping, "smart_host", *host);
  }
  mapping->finish();
}

// RFC 5322, 3.6.8: printable ASCII without the colon. Less is asked for, so that it stays a word
// in every place it is written to, and is a field of nobody else's: Exchange strips X-MS- fields.
bool is_header_name(std::string_view name) {
  constexpr std::string_view kOwn = "X-";
  constexpr std::string_view kExchanges = "X-MS-";
  return name.size() > kOwn.size() && name.starts_with(kOwn) && !name.starts_with(kExchanges) &&
         name.size() <= kLongestHeaderName && std::ranges::all_of(name, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

}  // namespace

std::optional<ExchangeSettings> read_exchange(MappingReader& reader) {
  constexpr std::array<std::pair<std::string_view, Mode>, 2> kModes{
      {{"bypass", Mode::kBypass}, {"enhanced", Mode::kEnhanced}}};
  auto mapping = reader.mapping("exchange");
  if (!mapping.has_value()) {
    return std::nullopt;
  }
  ExchangeSettings settings;
  settings.mode = mapping->word<Mode>("mode", kModes).value_or(settings.mode);
  read_inbound(*mapping, settings);
  read_outbound(*mapping, settings);
  if (auto name = mapping->string("tenant_header"); name.has_value()) {
    if (!is_header_name(*name)) {
      mapping->error("tenant_header",
                     "'tenant_header' is the name of a header field: it begins with X-, not with "
                     "X-MS-, and has "
                     "letters, digits and hyphens, "
                     "at most 64; write X-Fromguard-Tenant");
    }
    settings.tenant_header = *std::move(name);
  }
  mapping->finish();
  return settings;
}

}  // namespace directory
