// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

namespace tests::microsoft {

/// Answers `POST /v1.0/$batch`; the parts are answered in any order.
/// https://learn.microsoft.com/graph/json-batching
[[nodiscard]] Response answer_batch(const GraphCall& call);

}  // namespace tests::microsoft
