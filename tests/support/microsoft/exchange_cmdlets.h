// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/exchange_objects.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

/// What a cmdlet does, as the first word of its name. They combine as bits.
enum class Verb : std::uint8_t {
  kNew = 1,
  kSet = 2,
  kGet = 4,
  kRemove = 8,
  kEnable = 16,
  kDisable = 32,
};

enum class ValueKind : std::uint8_t {
  kText,     ///< null clears it
  kTexts,    ///< an array; null clears it
  kFlag,     ///< true or false; no null
  kNumber,   ///< an integer that is not negative
  kScore,    ///< an integer from -1 to 9, also as text; null clears it
  kChoice,   ///< one of a few words
  kMaximum,  ///< an integer, or `Unlimited`
};

struct CmdletParameter {
  std::string_view name;
  ValueKind kind;
  std::uint8_t verbs;  ///< of the cmdlets that take it
  std::span<const std::string_view> choices;
  std::size_t longest = 0;   ///< of a text; 0 for no limit
  bool is_clearable = true;  ///< by null, if its kind allows that
};

struct Cmdlet {
  std::string_view name;
  Verb verb;
  ExchangeKind kind;
};

/// The cmdlet of this name, case-insensitively; null if there is none.
[[nodiscard]] const Cmdlet* find_cmdlet(std::string_view name);

/// The parameter of this cmdlet, case-insensitively; null if it takes none of this name.
[[nodiscard]] const CmdletParameter* find_parameter(const Cmdlet& cmdlet, std::string_view name);

/// The names of the cmdlets that these management roles grant, in the order of the alphabet.
[[nodiscard]] std::vector<std::string> granted_cmdlets(const std::vector<std::string>& roles);

/// Whether these management roles grant the cmdlet.
[[nodiscard]] bool is_granted(const Cmdlet& cmdlet, const std::vector<std::string>& roles);

}  // namespace tests::microsoft
