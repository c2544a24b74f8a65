// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"

#include <chrono>
#include <string>
#include <vector>

namespace policy {

/// Whom to ask about names, and how long to wait.
struct NameServers {
  std::chrono::milliseconds timeout = std::chrono::seconds{5};  ///< for one question; 100ms to 30s
  /// `ADDRESS` or `ADDRESS:PORT`, IPv6 with a port in brackets; empty: those of the system.
  std::vector<std::string> servers;
};

/// Reads the mapping `dns` with its keys `timeout` and `servers`; what is not there stays as usual.
[[nodiscard]] NameServers read_name_servers(MappingReader& reader);

}  // namespace policy
