// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/line_channel.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace gateway {

/// The gateway that served before this process and has started it, seen from here.
class Predecessor {
 public:
  /// Null where there is none. Takes the variable out of the environment: before other threads are
  /// started, once.
  [[nodiscard]] static std::unique_ptr<Predecessor> of_this_process();

  explicit Predecessor(const Inheritance& inheritance);
  Predecessor(const Predecessor&) = delete;
  Predecessor& operator=(const Predecessor&) = delete;
  Predecessor(Predecessor&&) = delete;
  Predecessor& operator=(Predecessor&&) = delete;

  /// Waits for its end, after `let_go`: it bounds the time itself.
  ~Predecessor();

  /// The sockets; whoever takes one closes it.
  [[nodiscard]] const Inheritance& inheritance() const { return inheritance_; }

  /// Says that this process is ready, and waits until the other has let go of everything, or is
  /// gone.
  void wait_for_turn();

  /// From here each line that it passes on is given to `take`, on a thread of its own.
  void listen(std::function<void(const std::string& line)> take);

  /// Has it end its sessions as soon as their messages are done.
  void let_go() const { channel_.end_speech(); }

  /// Whether it has ended; to be asked after `listen`.
  [[nodiscard]] bool is_gone() const { return is_gone_; }

 private:
  Inheritance inheritance_;
  LineChannel channel_;
  std::atomic<bool> is_gone_ = false;
  std::thread thread_;
};

}  // namespace gateway
