// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/application.h"
#include "policy/result.h"

#include <string>
#include <string_view>

namespace directory {

/// The page on which an administrator consents to all that the application asks for. `redirect_uri`
/// is one that is registered with the application; empty for none. `state` comes back with the
/// answer and must be unguessable and used once.
/// https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
[[nodiscard]] std::string admin_consent_url(const Application& application,
                                            std::string_view redirect_uri,
                                            std::string_view state);

/// With what an administrator's browser came back.
struct ConsentAnswer {
  std::string state;
  /// What the browser says, which proves nothing: only a token for that tenant does.
  std::string tenant;
  bool is_granted = false;
  std::string refusal;  ///< why not, in one sentence; empty if it is granted
};

/// Reads the query of the redirect. `kInvalidInput` if it is none of a consent: without `state`, or
/// with neither an error nor a consent.
[[nodiscard]] policy::Result<ConsentAnswer> parse_consent_redirect(std::string_view query);

}  // namespace directory
