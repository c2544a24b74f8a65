// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace directory {

/// Takes from this process all but what a check needs: descriptors other than standard input,
/// output and error, memory and processor time beyond a bound, core dumps, and every system call
/// but those that use the open descriptors, speak to hosts over IP, manage memory and end the
/// process. It dies with the thread that started it. False where the system refuses; the process
/// must end then.
[[nodiscard]] bool confine_process();

}  // namespace directory
