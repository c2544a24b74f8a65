// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/name_servers.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"
#include "policy/config/yaml_document.h"
#include "policy/ip_address.h"

#include <chrono>
#include <string>
#include <vector>

namespace policy {
namespace {

constexpr auto kShortestTimeout = std::chrono::milliseconds{100};
constexpr auto kLongestTimeout = std::chrono::seconds{30};

bool is_name_server(const std::string& text) {
  return parse_ip_address(text).has_value() || parse_socket_address(text).has_value();
}

std::vector<std::string> read_servers(MappingReader& dns) {
  const auto value = dns.value("servers");
  const bool is_empty =
      value.has_value() && value->kind() == YamlValue::Kind::kSequence && value->items().empty();
  if (!value.has_value() || is_empty) {
    return {};
  }
  auto servers = dns.strings("servers").value_or(std::vector<std::string>{});
  for (const std::string& server : servers) {
    if (!is_name_server(server)) {
      dns.error("servers",
                quoted_excerpt(server) +
                    " is no name server; write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53");
    }
  }
  return servers;
}

}  // namespace

NameServers read_name_servers(MappingReader& reader) {
  NameServers read;
  auto dns = reader.mapping("dns");
  if (!dns.has_value()) {
    return read;
  }
  read.timeout = dns->duration("timeout").value_or(read.timeout);
  if (read.timeout < kShortestTimeout || read.timeout > kLongestTimeout) {
    dns->error("timeout", "'timeout' must be between 100ms and 30s");
  }
  read.servers = read_servers(*dns);
  dns->finish();
  return read;
}

}  // namespace policy
