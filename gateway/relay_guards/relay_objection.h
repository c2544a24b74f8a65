// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// Why the relay itself should not take a message, whatever names it shows.
struct RelayObjection {
  enum class Kind {
    kNoTenant,        ///< no X-MS-Exchange-CrossTenant-Id
    kRepeatedTenant,  ///< several of them
    kUnknownTenant,   ///< none of the tenants this relay carries mail of
    kNoSecret,        ///< no field that proves the tenant
    kRepeatedSecret,  ///< several of them, of whatever tenants
    kWrongSecret,     ///< not the field of this tenant, or none of its values
    kSameRecipient,   ///< it was here for one of its recipients before
    kTooManyPasses,   ///< it was here too often
  };

  Kind kind = Kind::kNoTenant;
  std::string seen;  ///< what shows it, for the log; may be the message's words, never a secret
};

/// For logs and metrics, in snake_case.
[[nodiscard]] std::string_view word(RelayObjection::Kind kind);

/// Whether it is about a routing loop; else it is about whose outbound mail this is.
[[nodiscard]] bool is_loop(RelayObjection::Kind kind);

/// What the sender is told: what is wrong and what to look at; printable ASCII on one line, with
/// nothing of the message in it.
[[nodiscard]] std::string_view reply_text(RelayObjection::Kind kind);

}  // namespace gateway
