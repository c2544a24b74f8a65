// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/console/console_assets.h"

#include <algorithm>
#include <string_view>

namespace directory {
namespace {

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
