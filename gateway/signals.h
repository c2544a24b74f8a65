// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gateway {

/// Takes the signals of the daemon. libmilter waits for SIGTERM, SIGINT and SIGHUP on a thread of
/// its own and ends in the midst of messages. The main thread alone leaves them open; but a thread
/// that begins to wait takes a signal for which the main thread has only been woken. So libmilter
/// gets a `sigwait` of ours, which leaves out what is taken here.
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
