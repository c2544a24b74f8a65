// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gateway {

/// Takes the signals of the daemon. libmilter waits for SIGTERM, SIGINT and SIGHUP on a thread of
/// its own and ends in the midst of messages; so they are left open in the main thread alone, which
/// the kernel prefers to a thread that waits (signal(7), complete_signal in the kernel's
/// kernel/signal.c), and handled there.
class Signals {
 public:
  struct Taken {
    bool stop = false;       ///< SIGTERM or SIGINT
    bool reload = false;     ///< SIGUSR1
    bool hand_over = false;  ///< SIGUSR2
  };

  /// Blocks the signals: do it in the main thread, before any other is started.
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  Signals(Signals&&) = delete;
  Signals& operator=(Signals&&) = delete;
  ~Signals();

  /// Lets them through to the main thread; call it there when the other threads are started.
  void let_through() const;

  /// Readable when a signal was taken.
  [[nodiscard]] int descriptor() const;

  /// What was taken since the last call.
  [[nodiscard]] Taken take() const;
};

}  // namespace gateway
