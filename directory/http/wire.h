// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/tls_context.h"
#include "directory/task.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace directory {

/// A connected stream socket, in clear or with TLS, and the time limit of what it does. At most one
/// read and one write at a time; it must live until they have ended.
class Wire {
 public:
  enum class Outcome {
    kDone,
    kGone,  ///< the other side has closed, or this one
    kLate,  ///< the time is over
  };

  enum class Handshake { kDone, kHttpInClear, kFailed };

  struct Settings {
    int family = 0;                   ///< of the socket
    int descriptor = 0;               ///< the wire's from now on
    std::shared_ptr<TlsContext> tls;  ///< null: in clear
  };

  Wire(const Executor& executor, Settings settings);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire(Wire&&) = delete;
  Wire& operator=(Wire&&) = delete;
  ~Wire();

  /// Sets the limit for everything until the next call: what is under way then ends as late.
  void allow(std::chrono::milliseconds time);

  /// Takes the limit away.
  void allow_any_time();

  /// Agrees on TLS; done at once in clear. After `kHttpInClear` the wire is in clear.
  [[nodiscard]] Task<Handshake> shake_hands();

  /// Appends to `octets` what arrives, `most` at a time at most.
  [[nodiscard]] Task<Outcome> read(std::string& octets, std::size_t most);

  /// Writes all of it.
  [[nodiscard]] Task<Outcome> write(std::string_view octets);

  /// Says that nothing more comes, and reads without looking until the other side has closed too:
  /// closing with unread octets would take from the client what was sent last. Bounded in octets;
  /// bound it in time.
  [[nodiscard]] Task<void> finish();

  /// Closes it, whatever it is doing.
  void close();

  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool is_tls() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace directory
