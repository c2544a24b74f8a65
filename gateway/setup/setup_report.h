// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"
#include "gateway/setup/setup.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Says why nothing was done; the status to end with.
policy::ExitStatus refuse(const SetupStreams& streams, const policy::Error& error);

/// The command to type for the same MTA in another mode; `option` is `--apply` or `--remove`.
[[nodiscard]] std::string setup_command(std::string_view mta,
                                        const SetupRequest& request,
                                        std::string_view option);

/// Notes to the output, warnings to the errors.
void tell_notes(const SetupStreams& streams,
                const std::vector<std::string>& notes,
                const std::vector<std::string>& warnings);

/// Warns if nothing takes connections where the MTA will look for the gateway.
void warn_if_silent(const SetupStreams& streams, const ListenAddress& listen);

/// `cp` of the kept copy over the file.
[[nodiscard]] std::string restore_command(const std::filesystem::path& copy,
                                          const std::filesystem::path& file);

}  // namespace gateway
