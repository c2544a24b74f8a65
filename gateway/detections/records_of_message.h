// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/detection_record/detection_record.h"

#include <cstdint>
#include <vector>

namespace gateway {

/// A record for each finding of the message, in the order of the verdict, without ids. Each holds
/// of recipients and noted matches those of its organization alone, since people of one
/// organization read its records and not those of another. `time` is in seconds since 1970.
[[nodiscard]] std::vector<policy::DetectionRecord> records_of_message(const Verdict& verdict,
                                                                      const MessageRecord& message,
                                                                      std::int64_t time);

}  // namespace gateway
