// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/descriptor.h"
#include "policy/result.h"

#include <string>
#include <string_view>

#include <sys/socket.h>

namespace tests {

using policy::Descriptor;

/// A numeric socket address.
struct SocketAddress {
  sockaddr_storage storage;
  socklen_t size;

  [[nodiscard]] const sockaddr* get() const;

  [[nodiscard]] int family() const { return storage.ss_family; }
};

/// Reads an address as milters write it: `inet:PORT@IPV4`, `inet6:PORT@IPV6`, `unix:PATH`.
[[nodiscard]] policy::Result<SocketAddress> parse_milter_address(std::string_view text);

/// Opens a listening socket. Port 0 takes a free port. Connections of an inet socket have
/// TCP_NODELAY; the file of a unix socket must not exist yet.
[[nodiscard]] policy::Result<Descriptor> listen_on(const SocketAddress& address);

/// The address a listening socket got, in the form `parse_milter_address` reads.
[[nodiscard]] policy::Result<std::string> milter_address_of(const Descriptor& listener);

/// Opens a stream socket to connect to `address`: TCP_NODELAY for inet, non-blocking if asked.
[[nodiscard]] policy::Result<Descriptor> open_stream(const SocketAddress& address,
                                                     bool non_blocking);

/// Says what failed and what the system says about it (`errno`).
[[nodiscard]] std::unexpected<policy::Error> system_failure(std::string_view doing);

}  // namespace tests
