// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// ICU's types keep it within this folder.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <unicode/unistr.h>

namespace policy::unicode {

/// What a mapping of texts makes of each character up to Latin Extended-B, worked out once. A text
/// of such characters needs no normalizer then, and the result is the same. Immutable once made;
/// thread-safe.
class CharacterMap {
 public:
  using Mapping = icu::UnicodeString (*)(const icu::UnicodeString& text);

  /// `mapping` takes every character by itself and normalizes at most what comes of it (NFC or
  /// NFD).
  explicit CharacterMap(Mapping mapping);

  /// The mapped text; nothing where a character is beyond the map, or may join what stands before
  /// it.
  [[nodiscard]] std::optional<icu::UnicodeString> map(const icu::UnicodeString& text) const;

 private:
  static constexpr std::size_t kCharacters = 0x250;
  static constexpr std::size_t kMostUnits = 7;

  struct Mapped {
    std::array<char16_t, kMostUnits> units{};
    std::int8_t size = -1;  // negative: only as part of a text
  };

  std::array<Mapped, kCharacters> mapped_;
};

}  // namespace policy::unicode
