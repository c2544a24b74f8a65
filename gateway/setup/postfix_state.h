// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// A service of master.cf that speaks SMTP with clients.
struct PostfixService {
  std::string name;  ///< as `postconf -P` has it: smtp/inet
  bool is_chrooted = false;
  std::optional<std::string>
      milters;  ///< its own smtpd_milters, expanded; absent: those of main.cf
};

/// What of a Postfix instance matters for a milter.
struct PostfixState {
  std::string version;
  std::filesystem::path folder;        ///< of main.cf
  std::filesystem::path queue_folder;  ///< also the root of processes in a chroot
  std::string milters;                 ///< smtpd_milters as it is written; empty if it is not
  std::string expanded_milters;        ///< the same with references resolved
  std::string own_milters;             ///< non_smtpd_milters, expanded: for mail of local programs
  std::optional<std::string> parameter;  ///< the value of `kMilterParameter`
  std::string default_action;            ///< milter_default_action
  std::string protocol;                  ///< milter_protocol
  std::vector<PostfixService> services;
};

/// Asks `postconf` about the instance whose main.cf is in `folder`; empty: the system's own.
/// `kNotFound`: there is no main.cf. `kUnavailable`: postconf fails, or Postfix is older than 3.0.
[[nodiscard]] policy::Result<PostfixState> read_postfix(const std::filesystem::path& postconf,
                                                        const std::filesystem::path& folder);

}  // namespace gateway
