// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/provisioning/connector_control.h"

#include <string_view>

namespace directory {

std::string_view word_of(ConnectorStep step) {
  switch (step) {
    case ConnectorStep::kEnableInbound: return "enable-inbound";
    case ConnectorStep::kLock: return "lock";
    case ConnectorStep::kUnlock: return "unlock";
    case ConnectorStep::kEnableOutbound: return "enable-outbound";
    case ConnectorStep::kDisableOutbound: return "disable-outbound";
  }
  return {};
}

bool is_easing(ConnectorStep step) {
  return step == ConnectorStep::kUnlock || step == ConnectorStep::kDisableOutbound;
}

}  // namespace directory
