// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// The form in which addresses are compared and stored: local part in lower case and unquoted,
/// comments and white space around it removed, domain in lower-case A-label form (UTS #46) without
/// trailing dot. Dots of the local part are kept. A text without `@` comes back in lower case.
///
/// Total: any octets give a string, so that an address from a message can always be looked up.
[[nodiscard]] std::string canonical_address(std::string_view address);

/// What to look an address of a message up by: its canonical form, then the same without
/// `+tag`. Only the side of the message is folded: `payments+ada@x` on a person does not
/// allow `payments@x`.
[[nodiscard]] std::vector<std::string> address_lookup_forms(std::string_view address);

/// Checks an address that an admin configures and returns its canonical form. Refuses what has no
/// local part, no domain, white space, control characters or a domain that is no host name.
[[nodiscard]] Result<std::string> parse_configured_address(std::string_view address);

/// The part after the last `@` of a canonical address; empty if there is none.
[[nodiscard]] std::string_view domain_of(std::string_view canonical_address);

/// A domain in lower-case A-label form without trailing dot; a domain that UTS #46 refuses comes
/// back in lower case.
[[nodiscard]] std::string canonical_domain(std::string_view domain);

/// Checks a domain that an admin configures and returns its canonical form.
[[nodiscard]] Result<std::string> parse_configured_domain(std::string_view domain);

}  // namespace policy
