// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

/// Puts a message into the mailboxes of its recipients, groups expanded.
[[nodiscard]] json::object deliver_mail(World& world, ControlFields& fields);

/// What the owner of a mailbox does with a message: moves it, or removes it for good.
[[nodiscard]] json::object change_mail(World& world, ControlFields& fields);

/// Makes a folder in a mailbox, or removes one with what it holds.
[[nodiscard]] json::object change_mail_folder(World& world, ControlFields& fields);

[[nodiscard]] json::object set_mail(World& world, ControlFields& fields);

/// Everything that lies in mailboxes, or in those of one message.
[[nodiscard]] json::object read_mail(World& world, const Parameters& query);

}  // namespace tests::microsoft
