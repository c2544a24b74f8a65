// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/descriptor.h"

#include <atomic>
#include <functional>

namespace gateway {

/// Keeps connections from taking the process's last descriptors, and libmilter from asking for one
/// again and again where there is none: it takes the whole of a processor then. One at a time in
/// the process.
///
/// While few are left, or no memory to follow a connection (`read_ahead_of`), whoever connects to
/// `listening` is hung up on, which an MTA answers with a temporary failure at once. Metrics, DNS,
/// helpers and the next generation find the rest. When they have taken that too, a descriptor held
/// for this alone is given up for as long as one who connects is hung up on.
class SpareDescriptors {
 public:
  /// `on_refusal` is told of each connection that was not taken, by the thread that accepts.
  SpareDescriptors(int listening, std::function<void()> on_refusal);

  SpareDescriptors(const SpareDescriptors&) = delete;
  SpareDescriptors& operator=(const SpareDescriptors&) = delete;
  SpareDescriptors(SpareDescriptors&&) = delete;
  SpareDescriptors& operator=(SpareDescriptors&&) = delete;
  /// Nobody accepts any more.
  ~SpareDescriptors();

  /// What accept(2) has answered: the descriptor, which is read ahead of from now on, or a failure
  /// to pass on with its errno.
  [[nodiscard]] int keep(int accepted) const;

  [[nodiscard]] bool is_for(int descriptor) const { return descriptor == listening_; }

  /// Whether somebody has waited for connections by now and taken what came.
  [[nodiscard]] bool has_accepted() const { return has_accepted_; }

 private:
  // Takes the first who waits and closes the connection, on the descriptor that is held for this.
  void hang_up_on_first() const;

  int listening_;
  std::function<void()> on_refusal_;
  mutable policy::Descriptor held_;  // of the thread that accepts
  mutable std::atomic<bool> has_accepted_{false};
};

}  // namespace gateway
