// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/charset.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <unicode/platform.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>  // IWYU pragma: keep
#include <unicode/ucnv_err.h>
#include <unicode/umachine.h>
#include <unicode/unistr.h>
#include <unicode/urename.h>
#include <unicode/ustring.h>  // IWYU pragma: keep
#include <unicode/utypes.h>

namespace policy {
namespace {

constexpr UChar kReplacement = 0xfffd;

// ICU counts in 32 bits; texts of this size do not occur, and what is beyond is not converted.
constexpr std::size_t kMaximumOctets = std::numeric_limits<std::int32_t>::max() / 8;

enum class OnInvalid { kStop, kReplace };

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_c1_octet(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet >= 0x80 && octet < 0xa0;
  });
}

bool is_one_of(std::string_view label, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [label](std::string_view name) {
    return std::ranges::equal(
        label, name, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  });
}

bool is_ascii_label(std::string_view charset) {
  return is_one_of(charset, {"us-ascii", "ascii"});
}

bool is_utf8_label(std::string_view charset) {
  return is_one_of(charset, {"utf-8", "utf8"});
}

bool is_latin1_label(std::string_view charset) {
  return is_one_of(charset, {"iso-8859-1", "latin1", "iso8859-1"});
}

std::string latin1_to_utf8(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | (octet >> 6));
      text += static_cast<char>(0x80 | (octet & 0x3f));
    }
  }
  return text;
}

std::string replace_invalid_utf8(std::string_view octets) {
  octets = octets.substr(0, kMaximumOctets);
  std::string text;
  icu::UnicodeString::fromUTF8(
      icu::StringPiece{octets.data(), static_cast<std::int32_t>(octets.size())})
      .toUTF8String(text);
  return text;
}

// ICU's own substitution gives U+001A for single octets of some charsets.
// NOLINTNEXTLINE(readability-function-size): ICU sets the parameters
void U_CALLCONV write_replacement(const void* /*context*/,
                                  UConverterToUnicodeArgs* arguments,
                                  const char* /*octets*/,
                                  std::int32_t /*size*/,
                                  UConverterCallbackReason reason,
                                  UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) {
    return;  // not about octets, but the converter being reset or closed
  }
  *error = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars(arguments, &kReplacement, 1, 0, error);
}

std::unique_ptr<UConverter, CloseConverter> open_converter(std::string_view charset,
                                                           OnInvalid on_invalid) {
  UErrorCode error = U_ZERO_ERROR;
  // The empty name is ICU's word for the platform's default charset.
  if (charset.empty() || charset.size() >= UCNV_MAX_CONVERTER_NAME_LENGTH ||
      charset.find('\0') != std::string_view::npos) {
    return nullptr;
  }
  std::unique_ptr<UConverter, CloseConverter> converter{
      ucnv_open(std::string{charset}.c_str(), &error)};
  if (U_FAILURE(error) == 0) {
    ucnv_setToUCallBack(
        converter.get(),
        on_invalid == OnInvalid::kStop ? UCNV_TO_U_CALLBACK_STOP : write_replacement,
        nullptr,
        nullptr,
        nullptr,
        &error);
  }
  if (U_FAILURE(error) != 0) {
    return nullptr;
  }
  return converter;
}

std::optional<std::string> convert(std::string_view octets,
                                   std::string_view charset,
                                   OnInvalid on_invalid) {
  const auto converter = open_converter(charset, on_invalid);
  if (converter == nullptr || octets.size() > kMaximumOctets) {
    return std::nullopt;
  }
  std::string text;
  std::array<UChar, 256> units{};
  const char* from = octets.data();
  const char* const end = from + octets.size();
  UErrorCode error = U_BUFFER_OVERFLOW_ERROR;
  icu::UnicodeString all;
  while (error == U_BUFFER_OVERFLOW_ERROR) {
    error = U_ZERO_ERROR;
    UChar* to = units.data();
    ucnv_toUnicode(
        converter.get(), &to, units.data() + units.size(), &from, end, nullptr, 1, &error);
    all.append(units.data(), static_cast<std::int32_t>(to - units.data()));
  }
  if (U_FAILURE(error) != 0) {
    return std::nullopt;
  }
  // A lone surrogate, which some charsets can spell, comes out as U+FFFD here.
  all.toUTF8String(text);
  return text;
}

// Latin-1 as mail clients read it: windows-1252 where a C1 octet occurs.
std::string client_latin1_to_utf8(std::string_view octets) {
  if (has_c1_octet(octets)) {
    if (auto text = convert(octets, "windows-1252", OnInvalid::kStop); text.has_value()) {
      return *std::move(text);
    }
  }
  return latin1_to_utf8(octets);
}

// ASCII characters that are written with two octets, which UTF-8 forbids, and careless decoders
// read.
std::string with_overlong_ascii_read(std::string_view octets) {
  std::string read;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto lead = static_cast<unsigned char>(octets[i]);
    const auto next = static_cast<unsigned char>(i + 1 < octets.size() ? octets[i + 1] : '\0');
    const bool is_overlong = (lead == 0xC0U || lead == 0xC1U) && (next & 0xC0U) == 0x80U;
    read += is_overlong ? static_cast<char>(((lead & 1U) << 6U) | (next & 0x3FU)) : octets[i];
    i += is_overlong ? 1 : 0;
  }
  return read;
}

}  // namespace

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) {
    return true;
  }
  if (text.size() > kMaximumOctets) {
    return false;
  }
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8(nullptr, 0, nullptr, text.data(), static_cast<std::int32_t>(text.size()), &error);
  return error == U_BUFFER_OVERFLOW_ERROR;
}

std::optional<std::string> decode_charset(std::string_view octets, std::string_view charset) {
  if (is_utf8_label(charset)) {
    return is_utf8(octets) ? std::optional{std::string{octets}} : std::nullopt;
  }
  const bool is_latin1 = is_latin1_label(charset);
  if (is_latin1 || is_ascii_label(charset)) {
    if (is_ascii(octets)) {
      return std::string{octets};
    }
    return !is_latin1 && is_utf8(octets) ? std::nullopt
                                         : std::optional{client_latin1_to_utf8(octets)};
  }
  return convert(octets, charset, OnInvalid::kStop);
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
  if (auto text = decode_charset(octets, charset); text.has_value()) {
    return *std::move(text);
  }
  return raw_to_utf8(octets);
}

std::string to_utf8_replacing(std::string_view octets, std::string_view charset) {
  if (!is_utf8_label(charset)) {
    if (auto text = convert(octets, charset, OnInvalid::kReplace); text.has_value()) {
      return *std::move(text);
    }
  }
  return replace_invalid_utf8(with_overlong_ascii_read(octets));
}

std::string raw_to_utf8(std::string_view octets) {
  return is_utf8(octets) ? std::string{octets} : client_latin1_to_utf8(octets);
}

}  // namespace policy
