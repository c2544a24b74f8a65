// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/task.h"

#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Writes cmdlets down as PowerShell that may be run any number of times, instead of carrying them
/// out. What is asked of it is answered with nothing: to it, every tenant is empty.
class PowerShellWriter final : public CmdletInvoker {
 public:
  /// `tenant` is named in the script, for people. With `asks_for_secret` the script takes the value
  /// of the tenant header as a parameter.
  PowerShellWriter(std::string_view tenant, bool asks_for_secret);

  /// Takes `New-` and `Get-` cmdlets; others are `kRefused`, for there is nothing to change.
  [[nodiscard]] Task<CmdletResult> invoke(Cmdlet cmdlet) override;

  /// Writes that an object of ours is removed, if it is there.
  void remove(const DesiredObject& unwanted);

  /// The whole script.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The script that brings a tenant to the desired state, whatever of it is there already. The value
/// of a tenant header is not in it: the script asks for it.
[[nodiscard]] Task<std::string> powershell_script(std::string tenant,
                                                  std::vector<DesiredObject> desired);

/// A text as a PowerShell literal: nothing in it is expanded.
/// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
[[nodiscard]] std::string powershell_literal(std::string_view text);

}  // namespace directory
