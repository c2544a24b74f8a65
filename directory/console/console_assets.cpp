// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/console/console_assets.h"

#include "directory/console/console_files.inc"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

// Each file in its three codings, between symbols of its number.
#define FROMGUARD_PIECE(symbol, file)                                                            \
  "  .global " symbol "\n" symbol ":\n  .incbin \"" file "\"\n  .global " symbol "_end\n" symbol \
  "_end:\n  .byte 0\n"
#define FROMGUARD_FILE(number, path, type, digest, immutable)                           \
  FROMGUARD_PIECE("fromguard_console_plain_" #number, FROMGUARD_CONSOLE_SITE path)      \
  FROMGUARD_PIECE("fromguard_console_gzip_" #number, FROMGUARD_CONSOLE_SITE path ".gz") \
  FROMGUARD_PIECE("fromguard_console_brotli_" #number, FROMGUARD_CONSOLE_SITE path ".br")
asm("  .section .rodata\n" FROMGUARD_CONSOLE_FILES(FROMGUARD_FILE) "  .text\n");

#define FROMGUARD_SYMBOLS(number, path, type, digest, immutable) \
  extern "C" const char fromguard_console_plain_##number;        \
  extern "C" const char fromguard_console_plain_##number##_end;  \
  extern "C" const char fromguard_console_gzip_##number;         \
  extern "C" const char fromguard_console_gzip_##number##_end;   \
  extern "C" const char fromguard_console_brotli_##number;       \
  extern "C" const char fromguard_console_brotli_##number##_end;
FROMGUARD_CONSOLE_FILES(FROMGUARD_SYMBOLS)

namespace directory {
namespace {

std::string_view between(const char& begin, const char& end) {
  return {&begin, static_cast<std::size_t>(&end - &begin)};
}

#define FROMGUARD_ASSET(number, url, type, hash, immutable)                                       \
  ConsoleAsset{                                                                                   \
      .path = (url),                                                                              \
      .content_type = (type),                                                                     \
      .digest = (hash),                                                                           \
      .is_immutable = (immutable),                                                                \
      .plain = between(fromguard_console_plain_##number, fromguard_console_plain_##number##_end), \
      .gzip = between(fromguard_console_gzip_##number, fromguard_console_gzip_##number##_end),    \
      .brotli =                                                                                   \
          between(fromguard_console_brotli_##number, fromguard_console_brotli_##number##_end)},

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Whether `;q=0`, `;q=0.0` and the like say that it is not wanted.
bool is_refused(std::string_view parameters) {
  const std::string_view text = trimmed(parameters);
  return text.starts_with("q=0") && text.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

std::span<const ConsoleAsset> console_assets() {
  static const std::array files = {FROMGUARD_CONSOLE_FILES(FROMGUARD_ASSET)};
  return files;
}

const ConsoleAsset* find_console_asset(std::string_view path) {
  const auto all = console_assets();
  const auto found = std::ranges::find(all, path, &ConsoleAsset::path);
  return found == all.end() ? nullptr : &*found;
}

ContentCoding choose_coding(std::string_view accept_encoding) {
  ContentCoding best = ContentCoding::kIdentity;
  std::string_view rest = accept_encoding;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view item = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    const auto semicolon = item.find(';');
    const std::string_view name = trimmed(item.substr(0, semicolon));
    if (semicolon != std::string_view::npos && is_refused(item.substr(semicolon + 1))) {
      continue;
    }
    if (name == "br") {
      return ContentCoding::kBrotli;
    }
    if (name == "gzip") {
      best = ContentCoding::kGzip;
    }
  }
  return best;
}

}  // namespace directory
