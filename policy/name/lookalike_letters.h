// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Letters as they are read, beyond the confusables of UTS #39. Part of the key algorithm; ICU's
// types keep it within this folder.

#include <string>
#include <string_view>
#include <vector>

#include <unicode/unistr.h>

namespace policy {

/// The text with every character that is read as an ASCII letter replaced by that letter: those
/// that are drawn like one, those named after one (small capitals, turned, squared and circled
/// letters), and `$ @ ! +` beside letters. What is ASCII otherwise stays, so that a capital I is no
/// l.
[[nodiscard]] icu::UnicodeString with_lookalike_letters(const icu::UnicodeString& text);

/// The other readings of two letters that are drawn like one: `vv` as w, `cl` within a word as d.
/// Empty if there are none; ASCII letters alone are looked at.
[[nodiscard]] std::vector<icu::UnicodeString> digraph_readings(const icu::UnicodeString& text);

/// The readings of digits that stand in words with letters, each text different: every digit as a
/// letter, with `1` and `|` as i or as l; and without the digits at the ends of words. Empty if
/// there are no such digits. `text` is folded.
[[nodiscard]] std::vector<icu::UnicodeString> digit_readings(const icu::UnicodeString& text);

/// A text with every character beyond ASCII that is read as a letter replaced by it, so that it can
/// be cut into words as its reader does; blank fillers are spaces. Letters with marks stay, and so
/// do symbols that stand alone.
[[nodiscard]] std::string drawn_text(std::string_view text);

/// Whether one of these functions would make something else of a text in ASCII.
[[nodiscard]] bool has_ascii_lookalikes(std::string_view text);

}  // namespace policy
