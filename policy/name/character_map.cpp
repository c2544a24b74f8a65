// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/character_map.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utypes.h>

namespace policy::unicode {
namespace {

// Longer texts are no names; they go the long way.
constexpr std::size_t kMostMapped = 256;

// Whether no form of normalization joins or reorders it with what stands before it.
bool stands_alone(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  return U_SUCCESS(status) != 0 &&
         (text.isEmpty() != 0 || nfc->hasBoundaryBefore(text.char32At(0)) != 0);
}

}  // namespace

CharacterMap::CharacterMap(Mapping mapping) {
  for (std::size_t c = 0; c < kCharacters; ++c) {
    const icu::UnicodeString text = mapping(icu::UnicodeString{static_cast<UChar32>(c)});
    if (text.length() <= static_cast<std::int32_t>(kMostUnits) && stands_alone(text)) {
      Mapped& mapped = mapped_.at(c);
      text.extract(0, text.length(), mapped.units.data());
      mapped.size = static_cast<std::int8_t>(text.length());
    }
  }
}

std::optional<icu::UnicodeString> CharacterMap::map(const icu::UnicodeString& text) const {
  std::array<char16_t, kMostMapped> units{};
  std::size_t size = 0;
  for (const char16_t c : std::span{text.getBuffer(), static_cast<std::size_t>(text.length())}) {
    if (c >= kCharacters || mapped_[c].size < 0 || size + kMostUnits > kMostMapped) {
      return std::nullopt;
    }
    const Mapped& mapped = mapped_[c];
    // All of it, for that is one move; only what counts is kept.
    std::ranges::copy(mapped.units, units.begin() + static_cast<std::ptrdiff_t>(size));
    size += static_cast<std::size_t>(mapped.size);
  }
  return icu::UnicodeString{units.data(), static_cast<std::int32_t>(size)};
}

}  // namespace policy::unicode
