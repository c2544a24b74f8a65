// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/line_channel.h"
#include "policy/result.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace gateway {

/// How this process was started, so that another can be in its place: with the program that is
/// there then.
struct StartedAs {
  std::filesystem::path program;
  std::vector<std::string> arguments;  ///< the name of the program first

  /// Of this process; read it when it starts, before the program is replaced.
  [[nodiscard]] static StartedAs of_this_process();
};

/// The process that is to take this gateway's place, seen from here. While it gets ready, this
/// gateway serves on; it takes its turn only when it is given it. Of one thread but `pass_on`.
class Successor {
 public:
  enum class State { kStarting, kReady, kGone };

  /// Starts it with the listening sockets of `inheritance` (the channel is made here). A successor
  /// that is not ready after `most` is gone.
  [[nodiscard]] static policy::Result<std::unique_ptr<Successor>> start(
      const StartedAs& how, const Inheritance& inheritance, std::chrono::milliseconds most);

  Successor(const Successor&) = delete;
  Successor& operator=(const Successor&) = delete;
  Successor(Successor&&) = delete;
  Successor& operator=(Successor&&) = delete;

  /// Ends a successor that was not given its turn.
  ~Successor();

  /// Readable when its state may have changed.
  [[nodiscard]] int descriptor() const { return channel_.descriptor(); }

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Looks, without waiting.
  [[nodiscard]] State look();

  /// It serves from now on; everything that it takes over is let go of.
  void give_turn();

  /// Whether it still wants what comes from here; it stops wanting when it ends. Never waits.
  [[nodiscard]] bool wants_more() const;

  /// Gives it a line. False if it does not take it. For one thread, after `give_turn`.
  [[nodiscard]] bool pass_on(std::string_view line) { return channel_.say(line); }

 private:
  Successor(pid_t pid, LineChannel channel, std::chrono::steady_clock::time_point deadline)
      : pid_(pid), channel_(std::move(channel)), deadline_(deadline) {}

  pid_t pid_;
  LineChannel channel_;
  std::chrono::steady_clock::time_point deadline_;
  bool has_turn_ = false;
};

}  // namespace gateway
