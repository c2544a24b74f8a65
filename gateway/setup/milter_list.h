// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

/// The parameter of main.cf that holds the gateway's milter, and what smtpd_milters says for it.
constexpr std::string_view kMilterParameter = "fromguard_milter";
constexpr std::string_view kMilterReference = "$fromguard_milter";

/// A milter with settings of its own, as Postfix 3.0 and later have it:
/// `{ inet:127.0.0.1:8897, default_action=tempfail }`.
struct MilterEntry {
  std::string place;                                          ///< `inet:127.0.0.1:8897`
  std::vector<std::pair<std::string, std::string>> settings;  ///< in their order; none: no braces

  /// As main.cf has it.
  [[nodiscard]] std::string text() const;

  /// The value of a setting; empty if it has none.
  [[nodiscard]] std::string_view setting(std::string_view name) const;
};

/// One word of a list of milters, and where it stands in the text.
struct MilterWord {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;  ///< a place, a group in braces, or a `$reference`

  /// Whether it stands for the gateway's parameter, however Postfix lets that be written.
  [[nodiscard]] bool is_reference() const;
};

/// Splits the value of smtpd_milters as Postfix does: at commas and white space outside of braces.
[[nodiscard]] std::vector<MilterWord> milter_words(std::string_view list);

/// Reads one word that is no reference.
[[nodiscard]] MilterEntry milter_entry(std::string_view word);

/// Whether both are the same place: `inet:localhost:8897` is `inet:127.0.0.1:8897` and
/// `inet:[::1]:8897`, and a socket's path may begin with a slash in a chroot.
[[nodiscard]] bool is_same_place(std::string_view a, std::string_view b);

/// The list with this word put behind the others.
[[nodiscard]] std::string with_milter(std::string_view list, std::string_view word);

/// The list with a word of it exchanged; the others stay as they are.
[[nodiscard]] std::string with_word(std::string_view list,
                                    const MilterWord& word,
                                    std::string_view replacement);

/// The list without a word of it and the separator that it leaves.
[[nodiscard]] std::string without_word(std::string_view list, const MilterWord& word);

}  // namespace gateway
