// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/directory_settings.h"
#include "directory/settings.h"
#include "policy/config/problems.h"
#include "policy/mail_address.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_text.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace {

void check_directory(const directory::DirectorySettings& settings) {
  check(!settings.name.empty());
  check(settings.sync.every >= std::chrono::seconds{1});
  check(settings.sync.max_shrink >= 0 && settings.sync.max_shrink <= 100);
}

// No two organizations share a name or a domain, and no two directories of one a name.
void check_sound(const directory::Settings& settings) {
  std::set<std::string> names;
  std::set<std::string> domains;
  check(!settings.organizations.empty() && settings.keep_generations >= 2);
  for (const directory::OrganizationSettings& organization : settings.organizations) {
    check(names.insert(organization.name).second && organization.nicknames != nullptr);
    for (const std::string& domain : organization.domains) {
      check(domains.insert(domain).second && policy::canonical_domain(domain) == domain);
    }
    std::set<std::string> directories;
    for (const directory::DirectorySettings& of_it : organization.directories) {
      check(directories.insert(of_it.name).second);
      check_directory(of_it);
    }
  }
}

constexpr auto kPieces =
    joined(kPiecesOfYaml,
           std::to_array<std::string_view>({"addresses: ",
                                            "after: ",
                                            "api: ",
                                            "at: ",
                                            "ca: ",
                                            "certificate: ",
                                            "client_id: ",
                                            "cloud: ",
                                            "credential: ",
                                            "detections: ",
                                            "digest: ",
                                            "directories: ",
                                            "directory: ",
                                            "dns: ",
                                            "domains: ",
                                            "events: ",
                                            "every: ",
                                            "exchange: ",
                                            "features: ",
                                            "first: ",
                                            "format: ",
                                            "from: ",
                                            "gateway_addresses: ",
                                            "gateway_hostname: ",
                                            "graph: ",
                                            "groups: ",
                                            "inbound: ",
                                            "keep_generations: ",
                                            "key: ",
                                            "listen: ",
                                            "login: ",
                                            "mail: ",
                                            "max_shrink: ",
                                            "metrics: ",
                                            "mode: ",
                                            "name: ",
                                            "notify: ",
                                            "organizations: ",
                                            "outbound: ",
                                            "path: ",
                                            "people: ",
                                            "protect: ",
                                            "public_url: ",
                                            "relay_export: ",
                                            "role_mailboxes: ",
                                            "secondary_emails: ",
                                            "secret: ",
                                            "servers: ",
                                            "smart_host: ",
                                            "smtp: ",
                                            "snapshots: ",
                                            "socket: ",
                                            "state: ",
                                            "sync: ",
                                            "targets: ",
                                            "tenant: ",
                                            "tenant_header: ",
                                            "timeout: ",
                                            "tls: ",
                                            "to: ",
                                            "type: ",
                                            "url: ",
                                            "webhooks: ",
                                            "all",
                                            "automatic",
                                            "bypass",
                                            "china",
                                            "csv",
                                            "daily",
                                            "detection",
                                            "enhanced",
                                            "global",
                                            "lmdb",
                                            "manual",
                                            "none",
                                            "notification",
                                            "office365",
                                            "posture",
                                            "provision",
                                            "pull",
                                            "sync",
                                            "texthash",
                                            "us-gov-dod",
                                            "us-gov-high",
                                            "weekly",
                                            "https://console.example/",
                                            "127.0.0.1:80",
                                            "192.0.2.1",
                                            "2001:db8::/48",
                                            "a.example",
                                            "xn--bcher-kva.example",
                                            "b\xC3\xBC"
                                            "cher.example",
                                            "01234567-89ab-cdef-0123-456789abcdef",
                                            "Ada Lovelace <ada@a.example>",
                                            "ada@a.example",
                                            "20%",
                                            "1h",
                                            "0s",
                                            "99999999999999999999d",
                                            "smtp://127.0.0.1:25"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  policy::Problems problems;
  const auto settings = directory::parse_settings(text, "/nonexistent/directory.yaml", problems);
  check_told(settings.has_value(), problems);
  if (settings.has_value()) {
    check_sound(*settings);
  }
  // What is typed into the console reaches this one.
  if (const auto added = directory::parse_directory_settings(text, "/nonexistent");
      added.has_value()) {
    check_directory(*added);
  } else {
    check(!added.error().message.empty());
  }
  return 0;
}
