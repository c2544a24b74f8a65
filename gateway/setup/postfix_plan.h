// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"
#include "gateway/setup/postfix_state.h"
#include "policy/result.h"

#include <string>
#include <utility>
#include <vector>

namespace gateway {

/// What Postfix's configuration needs for the gateway, or to be without it.
struct PostfixPlan {
  std::vector<std::pair<std::string, std::string>>
      wanted;                                            ///< lines of main.cf, set already or not
  std::vector<std::pair<std::string, std::string>> set;  ///< those that differ, for `postconf -e`
  std::vector<std::string> unset;                        ///< parameters for `postconf -X`
  std::vector<std::string> notes;                        ///< good to know
  std::vector<std::string> warnings;                     ///< what a person should look at

  [[nodiscard]] bool is_done() const { return set.empty() && unset.empty(); }
};

/// Plans for a gateway that listens there. Other milters stay as they are and are asked before it;
/// an entry for the gateway that a person has made is kept, with its settings. `kConflict`: Postfix
/// could not reach the socket.
[[nodiscard]] policy::Result<PostfixPlan> plan_postfix(const PostfixState& state,
                                                       const ListenAddress& listen,
                                                       const std::string& socket_group);

/// Plans to take the gateway out of main.cf.
[[nodiscard]] PostfixPlan plan_postfix_removal(const PostfixState& state,
                                               const ListenAddress& listen);

}  // namespace gateway
