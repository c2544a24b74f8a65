// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace directory {

/// A file of the console, as it was built: part of the program, never read from disk.
struct ConsoleAsset {
  std::string_view path;  ///< in the URL: `/assets/main-1234ABCD.js`
  std::string_view content_type;
  std::string_view digest;    ///< of its content, hexadecimal
  bool is_immutable = false;  ///< its name says what is in it
  std::string_view plain;
  std::string_view gzip;
  std::string_view brotli;
};

/// How the body of an answer is compressed.
enum class ContentCoding { kIdentity, kGzip, kBrotli };

/// All of them.
[[nodiscard]] std::span<const ConsoleAsset> console_assets();

/// The asset of exactly this path; nullptr if there is none.
[[nodiscard]] const ConsoleAsset* find_console_asset(std::string_view path);

/// The best coding that a field Accept-Encoding allows (RFC 9110, 12.5.3): brotli, gzip, none. A
/// field that cannot be understood allows none.
[[nodiscard]] ContentCoding choose_coding(std::string_view accept_encoding);

}  // namespace directory
