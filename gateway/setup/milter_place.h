// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"

#include <filesystem>
#include <string>

namespace gateway {

/// Where an MTA of this machine connects to, for a gateway that listens there: every address
/// becomes loopback.
[[nodiscard]] ListenAddress connectable(const ListenAddress& listen);

/// The place in the words of Postfix: `inet:127.0.0.1:8897`. A socket inside the queue folder is
/// named from there, so that processes in a chroot of that folder and others find it alike.
[[nodiscard]] std::string postfix_place(const ListenAddress& listen,
                                        const std::filesystem::path& queue_folder);

/// The place in the words of Sendmail: `inet:8897@127.0.0.1`.
[[nodiscard]] std::string sendmail_place(const ListenAddress& listen);

/// Whether the socket is a file inside this folder.
[[nodiscard]] bool is_inside(const ListenAddress& listen, const std::filesystem::path& folder);

/// Whether something takes connections there; waits for up to two seconds.
[[nodiscard]] bool is_answering(const ListenAddress& listen);

}  // namespace gateway
