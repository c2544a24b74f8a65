// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/task.h"
#include "policy/result.h"

#include <boost/json/object.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// One call of a cmdlet of Exchange Online.
/// https://learn.microsoft.com/powershell/module/exchange
struct Cmdlet {
  std::string name;  ///< `New-InboundConnector`
  boost::json::object parameters;
};

/// Whether the cmdlet only reads.
[[nodiscard]] bool is_read(const Cmdlet& cmdlet);

/// Why a cmdlet was not carried out, so that callers can branch.
enum class CmdletFailureKind {
  kUnavailable,  ///< network, 5xx, time over: a write may have taken effect all the same
  kBusy,         ///< refused for load, for too long: it took no effect
  kCredential,   ///< no token, or one that Exchange does not take
  kPermission,   ///< the application lacks a role
  kNotFound,     ///< there is no object of this identity
  kExists,       ///< there is an object of this name
  kParameter,    ///< the cmdlet does not know a parameter, or a role hides it
  kRefused,      ///< any other refusal
};

struct CmdletFailure {
  CmdletFailureKind kind = CmdletFailureKind::kUnavailable;
  std::string message;  ///< what happened and what to do; no secrets
};

/// The failure as the error of everything else.
[[nodiscard]] policy::Error to_error(CmdletFailure failure);

/// The objects that a cmdlet answered, without annotations; empty for one that answers nothing.
using CmdletResult = std::expected<std::vector<boost::json::object>, CmdletFailure>;

/// Whoever carries out cmdlets: Exchange Online, or the writer of a script.
class CmdletInvoker {
 public:
  CmdletInvoker() = default;
  CmdletInvoker(const CmdletInvoker&) = delete;
  CmdletInvoker& operator=(const CmdletInvoker&) = delete;
  CmdletInvoker(CmdletInvoker&&) = delete;
  CmdletInvoker& operator=(CmdletInvoker&&) = delete;
  virtual ~CmdletInvoker() = default;

  /// Carries it out once. `kUnavailable` leaves open whether a write took effect: read before it is
  /// sent again.
  [[nodiscard]] virtual Task<CmdletResult> invoke(Cmdlet cmdlet) = 0;
};

}  // namespace directory
