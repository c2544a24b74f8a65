// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/setup_report.h"

#include "gateway/settings.h"
#include "gateway/setup/milter_place.h"
#include "gateway/setup/program.h"
#include "gateway/setup/setup.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

policy::ExitStatus refuse(const SetupStreams& streams, const policy::Error& error) {
  const bool is_denied = error.code == policy::ErrorCode::kDenied;
  streams.errors << "fromguard-gateway: " << error.message
                 << (is_denied ? "; run it as root\n" : "\n");
  return policy::exit_status_of(error.code);
}

std::string setup_command(std::string_view mta,
                          const SetupRequest& request,
                          std::string_view option) {
  std::string command = "fromguard-gateway setup " + std::string{mta};
  if (request.config != kUsualConfig) {
    command += " --config " + shell_word(request.config.string());
  }
  const SetupRequest usual;
  if (mta == "postfix" && !request.postfix_folder.empty()) {
    command += " --postfix-config " + shell_word(request.postfix_folder.string());
  }
  if (mta == "sendmail" && request.sendmail_mc != usual.sendmail_mc) {
    command += " --sendmail-mc " + shell_word(request.sendmail_mc.string());
  }
  if (mta == "sendmail" && request.sendmail_macros != usual.sendmail_macros) {
    command += " --sendmail-cf " + shell_word(request.sendmail_macros.string());
  }
  return command + " " + std::string{option};
}

void tell_notes(const SetupStreams& streams,
                const std::vector<std::string>& notes,
                const std::vector<std::string>& warnings) {
  for (const std::string& note : notes) {
    streams.output << note << '\n';
  }
  streams.output.flush();
  for (const std::string& warning : warnings) {
    streams.errors << "warning: " << warning << '\n';
  }
}

void warn_if_silent(const SetupStreams& streams, const ListenAddress& listen) {
  if (!is_answering(listen)) {
    streams.errors << "warning: nothing listens at " << listen.text()
                   << " yet: start fromguard-gateway first, or mail is deferred\n";
  }
}

std::string restore_command(const std::filesystem::path& copy, const std::filesystem::path& file) {
  return "cp -p " + shell_word(copy.string()) + " " + shell_word(file.string());
}

}  // namespace gateway
