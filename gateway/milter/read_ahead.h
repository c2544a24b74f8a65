// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gateway {

/// Has libmilter find what an MTA sends in few pieces. It asks the kernel for each command's
/// length, then for the rest of the command, and before each of them, and after, whether there is
/// something: five system calls a command, some 40 commands a message. An MTA sends them together,
/// as far as it waits for no answer. What comes with a command is kept here from now on, until it
/// is asked for or `descriptor` is closed, at most 4 KiB of it.
///
/// What libmilter cannot bear (`MacroPairs`) it does not find at all, nor what came with it:
/// read(2) fails with EPROTO then, and ever after, and libmilter logs it and closes the connection.
///
/// poll(2), read(2) and close(2) of the process take this into account; for descriptors that this
/// was not called for they are those of the C library. A descriptor is used by one thread at a
/// time, as without this. Call it for a stream socket from which nothing was read yet. False if
/// there is no memory for it, or the descriptor's number is 65,536 or more: libmilter must not have
/// the connection then.
[[nodiscard]] bool read_ahead_of(int descriptor) noexcept;

}  // namespace gateway
