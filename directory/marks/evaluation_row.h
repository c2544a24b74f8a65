// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/marks/detection_mark.h"

#include <string>

namespace directory {

/// The mark as one line of JSON, without a line end: a request of `fromguard-gateway explain
/// --jsonl` that shows the gateway again what it saw, and beside it what is expected: nothing where
/// the finding was wrong. `whole` is false where the record was cut, or keeps too little of the
/// field that the finding is of: such a row may be judged otherwise than the message was.
[[nodiscard]] std::string evaluation_row(const DetectionMark& mark);

}  // namespace directory
