// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/descriptor.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// One end of a connection on which a gateway and its successor say lines to each other. Reading is
/// for one thread, writing for another.
class LineChannel {
 public:
  /// Takes over a stream socket; negative for an end that is closed.
  explicit LineChannel(int descriptor);

  /// Readable when the other end has said something or is gone.
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// Says a line, which has no line end in it. False if the other end is gone, or has not read for
  /// five seconds; nothing more can be said then.
  [[nodiscard]] bool say(std::string_view line);

  /// Waits for the next line. Empty when the other end is gone or said that there are no more, and
  /// for a line of more than 2 MiB.
  [[nodiscard]] std::optional<std::string> hear();

  /// No more will be said from this end. From any thread.
  void end_speech() const;

 private:
  policy::Descriptor socket_;
  bool is_broken_ = false;  // for whoever writes
  std::string heard_;       // what came after the last line
};

}  // namespace gateway
