// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/sender_field.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The field again, with the address of each mailbox in its shown name, as in
/// `"Ada Lovelace (ada@freemail.example)" <ada@freemail.example>`. Names are cut so that the
/// address stays in sight. An address that cannot be written in ASCII by RFC 5322 stands in the
/// name alone, beside `unknown@sender.invalid` (RFC 2606). Folded with LF and white space.
[[nodiscard]] std::string exposed_value(const policy::SenderField& field);

/// The subject with `prefix` (UTF-8) before it; as it is if it begins with it already.
[[nodiscard]] std::string prefixed_subject(std::string_view prefix, std::string_view subject);

/// The value of a field of the message, for a field of ours that keeps it: as it is where that is
/// safe, else made visible and encoded.
[[nodiscard]] std::string kept_value(std::string_view value);

/// Values of as many fields as it takes to list the addresses, each of at most 4,096 octets.
[[nodiscard]] std::vector<std::string> address_list_values(
    const std::vector<std::string>& addresses);

}  // namespace gateway
