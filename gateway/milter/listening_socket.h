// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"
#include "policy/descriptor.h"
#include "policy/result.h"

#include <filesystem>
#include <string>
#include <utility>

namespace gateway {

/// The socket MTAs connect to, opened by ourselves and handed to libmilter as a descriptor: so
/// TCP_NODELAY is set before the first connection (each end of message with header changes waits
/// 40 ms for a delayed acknowledgement without it), and new sessions can be stopped while those
/// under way go on, which libmilter cannot do.
class ListeningSocket {
 public:
  /// Binds and listens. A Unix socket gets mode 0660 and `group` (empty: left as it is); one that
  /// nobody listens on any more is replaced. `kBusy`: somebody else listens there; `kDenied`,
  /// `kUnavailable`: it cannot be made.
  [[nodiscard]] static policy::Result<ListeningSocket> open(const ListenAddress& address,
                                                            const std::string& group);

  /// Takes over `descriptor`, which listens already: made by a predecessor or by systemd.
  /// `is_lent`: systemd goes on to have it. `kInvalidInput`: it does not listen on `address`; the
  /// descriptor is closed then.
  [[nodiscard]] static policy::Result<ListeningSocket> adopt(int descriptor,
                                                             const ListenAddress& address,
                                                             bool is_lent);

  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;

  /// Closes the socket; a Unix socket's path is removed.
  ~ListeningSocket();

  /// For a successor to inherit.
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Whether systemd goes on to have it.
  [[nodiscard]] bool is_lent() const { return is_lent_; }

  /// What libmilter takes as its connection: `fd:N`, as Debian's build has it.
  [[nodiscard]] std::string connection_text() const;

  /// From here nobody new gets through; connections that are open stay. The path of a Unix socket
  /// is free for a successor. Whoever waits for connections looks up once.
  [[nodiscard]] policy::Result<void> stop_accepting();

  /// The same where a successor has the socket too: nobody new is taken here, and whoever comes is
  /// the successor's. The path of a Unix socket stays.
  [[nodiscard]] policy::Result<void> leave_to_successor();

  /// Makes whoever waits for connections look up once, by a connection that ends at once. From any
  /// thread but during `stop_accepting`.
  void wake_acceptor() const;

  /// libmilter closes the descriptor when it ends; told of that, we do not do so again.
  void forget_descriptor() { descriptor_ = -1; }

 private:
  ListeningSocket(int descriptor, std::filesystem::path path, bool is_lent)
      : descriptor_(descriptor), path_(std::move(path)), is_lent_(is_lent) {}

  [[nodiscard]] policy::Result<policy::Descriptor> take_idle_socket();
  void remove_path();
  void read_name();

  int descriptor_;
  std::filesystem::path path_;  // empty but for a Unix socket
  bool is_lent_;                // neither path nor connections that wait are ours to end
  std::string name_;            // where it can be connected to, as a sockaddr
};

}  // namespace gateway
