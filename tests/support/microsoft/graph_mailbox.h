// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

#include <optional>
#include <string_view>

namespace tests::microsoft {

/// The user whose mailbox the call is about; null if there is none.
[[nodiscard]] const DirectoryObject* user_of(const GraphCall& call);

/// Nothing if the user has a mailbox.
[[nodiscard]] std::optional<Response> refusal_of_mailbox(const GraphCall& call,
                                                         const DirectoryObject* user);

/// The failure that a test has set for what is asked about the user; nothing if there is none.
[[nodiscard]] std::optional<Response> failure_set(const GraphCall& call,
                                                  const DirectoryObject& user,
                                                  std::string_view aspect);

}  // namespace tests::microsoft
