// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/settings.h"
#include "policy/config/problems.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_text.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace {

constexpr auto kPieces =
    joined(kPiecesOfYaml,
           std::to_array<std::string_view>({"action: ",
                                            "after: ",
                                            "age: ",
                                            "authentication_unavailable: ",
                                            "authserv_id: ",
                                            "connections: ",
                                            "daemon_name: ",
                                            "degraded: ",
                                            "detections: ",
                                            "dns: ",
                                            "drain: ",
                                            "format: ",
                                            "from_bytes: ",
                                            "hand_over: ",
                                            "header_bytes: ",
                                            "inspect_authenticated: ",
                                            "internal_error: ",
                                            "keep_detections: ",
                                            "level: ",
                                            "limits: ",
                                            "listen: ",
                                            "log: ",
                                            "loop_guard: ",
                                            "metrics: ",
                                            "no_snapshot: ",
                                            "outbound: ",
                                            "passes: ",
                                            "policy: ",
                                            "relays: ",
                                            "servers: ",
                                            "size: ",
                                            "snapshot: ",
                                            "socket_group: ",
                                            "stale_snapshot: ",
                                            "tenants: ",
                                            "timeout: ",
                                            "trusted_networks: ",
                                            "accept",
                                            "debug",
                                            "error",
                                            "info",
                                            "json",
                                            "quarantine",
                                            "tag",
                                            "tempfail",
                                            "text",
                                            "warning",
                                            "inet:8897@127.0.0.1",
                                            "inet6:8897@::1",
                                            "unix:/run/x.sock",
                                            "127.0.0.1:9811",
                                            "[::1]:9811",
                                            "192.0.2.0/24",
                                            "::/0",
                                            "90d",
                                            "1GiB",
                                            "500ms",
                                            "99999999999999999999h",
                                            "organization: ",
                                            "tenant: ",
                                            "header: ",
                                            "secrets: ",
                                            "X-Secret",
                                            "01234567-89ab-cdef-0123-456789abcdef",
                                            "at-least-sixteen-characters"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  policy::Problems problems;
  const auto settings = gateway::parse_settings(text, "/nonexistent/gateway.yaml", problems);
  check_told(settings.has_value(), problems);
  if (settings.has_value()) {
    check(settings->connections > 0 && settings->drain >= std::chrono::milliseconds{0});
    check(!settings->policy.empty() && !settings->listen.text().empty());
  }
  policy::Problems of_tenants;
  const auto tenants = gateway::OutboundTenants::parse(text, "tenants.yaml", of_tenants);
  check_told(tenants.has_value(), of_tenants);
  if (tenants.has_value()) {
    for (const gateway::OutboundTenant& tenant : tenants->all()) {
      check(tenants->find(tenant.tenant) == &tenant && tenants->is_secret_field(tenant.header));
      check(!tenant.secret_digests.empty());
    }
  }
  return 0;
}
