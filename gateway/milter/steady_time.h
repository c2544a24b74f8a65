// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gateway {

/// Has libmilter count how long a session has waited by a clock that never jumps. It asks time(2)
/// every ten minutes, and where that has leapt by more than the time an MTA may take, it cuts off
/// every session that waits.
///
/// From the first call on, time(2) of the process is the wall clock of that moment and the seconds
/// since: what a person or a file is told of asks std::chrono::system_clock, which stays as it is.
/// Thread-safe.
void keep_time_steady() noexcept;

}  // namespace gateway
