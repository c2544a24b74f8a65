// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"
#include "policy/exit_status.h"

#include <filesystem>
#include <iosfwd>

namespace gateway {

/// Where gateway.yaml is if nothing else is said.
constexpr const char* kUsualConfig = "/etc/fromguard/gateway.yaml";

/// What `setup` is asked, beside the gateway's settings.
struct SetupRequest {
  enum class Mode { kPrint, kApply, kRemove };

  Mode mode = Mode::kPrint;
  bool reload = false;                   ///< of Postfix: once changed, make it take effect
  std::filesystem::path config;          ///< gateway.yaml, to be told in commands
  std::filesystem::path postfix_folder;  ///< that holds main.cf; empty: Postfix's own
  std::filesystem::path sendmail_mc = "/etc/mail/sendmail.mc";
  std::filesystem::path sendmail_macros = "/usr/share/sendmail/cf";  ///< that holds m4/cf.m4
};

/// Where `setup` writes. They outlive the call.
struct SetupStreams {
  std::ostream& output;
  std::ostream& errors;
};

/// Prints what Postfix needs to ask the gateway, or puts it into main.cf, or takes it out again. A
/// copy of main.cf is kept first; a change that fails leaves it as it was, and one that is there
/// already changes nothing. Nothing is changed before the gateway answers: processes of Postfix
/// that start read main.cf anew, so that mail would be deferred before long. To reload it, so that
/// all of them do at once, is left to a person or to `reload`.
///
/// Ends with `kUnavailable` where there is no Postfix, or where nothing listens yet; with
/// `kConfiguration` where Postfix could not reach the gateway; with `kNoInput` where there is no
/// main.cf, with `kDenied` where it must not be changed.
[[nodiscard]] policy::ExitStatus setup_postfix(const SetupRequest& request,
                                               const Settings& settings,
                                               const SetupStreams& streams);

/// The same for Sendmail and its sendmail.mc. What m4 makes of it is looked at before it takes the
/// place of the old one; sendmail.cf is left to whoever makes it.
[[nodiscard]] policy::ExitStatus setup_sendmail(const SetupRequest& request,
                                                const Settings& settings,
                                                const SetupStreams& streams);

}  // namespace gateway
