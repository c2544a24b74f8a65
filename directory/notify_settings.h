// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace directory {

/// What a sink is told of: all of it, or what is of some organizations. A sink is one place outside
/// of the daemon to which notifications are sent.
struct SinkScope {
  std::set<std::string> organizations;  ///< empty: all, and what is of the whole installation
};

/// Somebody else's server that takes what happens as JSON.
struct WebhookSettings {
  std::string name;                   ///< unique among all sinks
  std::string url;                    ///< https; http for loopback alone
  std::filesystem::path authorities;  ///< a PEM file; empty: the system's authorities
  std::filesystem::path secret;       ///< a file that its owner alone may read
  bool takes_notifications = true;
  bool takes_detections = false;
  SinkScope scope;
};

/// Admins who are written to through the MTA of this machine.
struct MailSettings {
  /// How often the digest is written.
  enum class Digest { kNone, kDaily, kWeekly };

  std::string name;                                             ///< unique among all sinks
  policy::SocketAddress smtp{.host = "127.0.0.1", .port = 25};  ///< loopback
  std::string from;             ///< canonical address, of the envelope and the header
  std::vector<std::string> to;  ///< canonical addresses, at least one
  bool takes_notifications = true;
  Digest digest = Digest::kNone;
  std::chrono::minutes digest_at = std::chrono::hours{7};  ///< after midnight, UTC
  SinkScope scope;
};

/// Where notifications are sent, besides console, commands and API.
struct NotifySettings {
  std::vector<WebhookSettings> webhooks;
  std::vector<MailSettings> mail;
};

/// Reads `notify` of directory.yaml, if it is there. Errors go to `problems`. Paths are relative to
/// `folder`; `organizations` are the names that there are.
[[nodiscard]] NotifySettings read_notify(policy::MappingReader& reader,
                                         const std::filesystem::path& folder,
                                         const std::set<std::string>& organizations,
                                         policy::Problems& problems);

}  // namespace directory
