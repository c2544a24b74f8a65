// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_message.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Sets libopendkim up; needs system calls that confinement forbids.
void prepare_dkim_library();

/// Verifies the signatures of one message, each by a handle of its own, so that none spoils
/// another.
class DkimVerification {
 public:
  explicit DkimVerification(DkimTask task);
  DkimVerification(const DkimVerification&) = delete;
  DkimVerification& operator=(const DkimVerification&) = delete;
  DkimVerification(DkimVerification&&) = delete;
  DkimVerification& operator=(DkimVerification&&) = delete;
  ~DkimVerification();

  /// The next octets of the body, lines ending in CRLF.
  void add_body(std::string_view text);

  /// The facts of each signature, in the order of the task.
  [[nodiscard]] std::vector<DkimFacts> finish();

 private:
  class Signature;

  DkimTask task_;
  std::vector<std::unique_ptr<Signature>> signatures_;
};

}  // namespace gateway
