// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/stub_resolver.h"
#include "gateway/detections/detection_database.h"
#include "gateway/session/session.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"
#include "policy/event.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Where the gateway listens for MTAs.
struct ListenAddress {
  enum class Family { kUnix, kInet, kInet6 };

  Family family = Family::kInet;
  std::string host;  ///< numeric; empty for a Unix socket
  std::uint16_t port = 0;
  std::filesystem::path path;  ///< of a Unix socket

  /// As in gateway.yaml.
  [[nodiscard]] std::string text() const;
};

/// gateway.yaml, read once at start. Each default stands beside its field.
struct Settings {
  ListenAddress listen{
      .family = ListenAddress::Family::kInet, .host = "127.0.0.1", .port = 8897, .path = {}};
  std::string socket_group;  ///< of a Unix socket; empty: the process's own
  std::filesystem::path snapshot = "/var/lib/fromguard/snapshots";
  std::filesystem::path policy;       ///< default: policy.yaml beside gateway.yaml
  std::filesystem::path decorations;  ///< decorations.txt beside the policy; built in if absent
  /// delegated-senders.yaml beside the policy; built in if absent
  std::filesystem::path delegated_senders;
  std::filesystem::path outbound_tenants;           ///< empty: no session carries outbound mail
  std::optional<std::filesystem::path> detections;  ///< a folder; absent: none are kept
  DetectionRetention keep_detections;
  std::optional<policy::SocketAddress> metrics;
  SessionSettings session;
  DnsSettings dns;
  std::chrono::milliseconds stale_after = std::chrono::hours{26};
  std::chrono::milliseconds drain = std::chrono::seconds{30};
  std::chrono::milliseconds hand_over = std::chrono::minutes{5};
  std::size_t connections = 4096;  ///< more are told to come back later
  policy::LogLevel log_level = policy::LogLevel::kInfo;
  policy::LogFormat log_format = policy::LogFormat::kText;
};

/// Reads gateway.yaml. Everything wrong is told in `problems`, all at once; nothing is returned if
/// there is an error. Relative paths are relative to the file's folder.
[[nodiscard]] std::optional<Settings> load_settings(const std::filesystem::path& path,
                                                    policy::Problems& problems);

/// The same from a text; `file_name` names it in problems.
[[nodiscard]] std::optional<Settings> parse_settings(std::string_view text,
                                                     const std::string& file_name,
                                                     policy::Problems& problems);

}  // namespace gateway
