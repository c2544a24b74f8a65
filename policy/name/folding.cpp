// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/folding.h"

#include "policy/name/ascii_forms.h"
#include "policy/name/unicode_text.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/idna.h>
#include <unicode/stringpiece.h>
#include <unicode/utypes.h>

namespace policy {
namespace {

std::string lower_ascii(std::string_view text) {
  std::string lowered{text};
  std::ranges::transform(lowered, lowered.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lowered;
}

// Host names of mail are seen with underscores and other ASCII in them; UTS #46 without STD3 rules
// lets them through, as mail clients do.
const icu::IDNA* uts46() {
  static const std::unique_ptr<const icu::IDNA> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<const icu::IDNA>{icu::IDNA::createUTS46Instance(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, status)};
  }();
  return instance.get();
}

icu::StringPiece piece(std::string_view text) {
  return {text.data(), static_cast<std::int32_t>(text.size())};
}

}  // namespace

std::optional<std::string> to_a_labels(std::string_view domain) {
  if (domain.ends_with('.')) {
    domain.remove_suffix(1);
  }
  if (is_ascii(domain)) {
    std::string lowered = lower_ascii(domain);
    if (!lowered.contains("xn--")) {
      return lowered;
    }
  }
  std::string labels;
  icu::StringByteSink<std::string> sink{&labels};
  icu::IDNAInfo info;
  UErrorCode status = U_ZERO_ERROR;
  uts46()->nameToASCII_UTF8(piece(domain), sink, info, status);
  if (U_FAILURE(status) != 0 || info.hasErrors() != 0) {
    return std::nullopt;
  }
  return lower_ascii(labels);
}

std::string fold_case(std::string_view text) {
  if (is_ascii(text)) {
    return lower_ascii(text);
  }
  std::string folded;
  icu::StringByteSink<std::string> sink{&folded};
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8Fold(0, piece(text), sink, nullptr, status);
  return U_FAILURE(status) != 0 ? lower_ascii(text) : folded;
}

std::string fold_compatibly(std::string_view text) {
  if (is_ascii(text)) {
    return lower_ascii(text);
  }
  return unicode::to_utf8(unicode::nfkc_casefold(unicode::from_utf8(text)));
}

}  // namespace policy
