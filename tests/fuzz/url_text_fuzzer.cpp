// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/admin_consent.h"
#include "directory/http/url.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/plain_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

// What is sent stays one line of a request, to whom the text names.
void check_url(const directory::Url& url) {
  const directory::Origin& origin = url.origin();
  check(origin.scheme == "https" || origin.scheme == "http");
  check(!origin.host.empty() && origin.port != 0);
  check(std::ranges::none_of(origin.host, [](char c) {
    return c <= ' ' || c > '~' || c == '/' || c == '@' || c == '\\' || c == '?' || c == '#' ||
           c == '%';
  }));
  check(url.target().starts_with('/'));
  check(std::ranges::all_of(url.target(), [](char c) { return c > ' ' && c <= '~' && c != '#'; }));
  const auto again = directory::Url::parse(url.text());
  check(again.has_value() && again->origin() == origin && again->target() == url.target());
  check(again->is_loopback() == url.is_loopback());
}

constexpr auto kPieces =
    std::to_array<std::string_view>({"https://",
                                     "http://",
                                     "HTTPS://",
                                     "//",
                                     "/",
                                     "?",
                                     "#",
                                     "@",
                                     ":",
                                     ":443",
                                     ":0",
                                     ":65536",
                                     ":00080",
                                     "\\",
                                     "%2f",
                                     "%00",
                                     "%",
                                     "%zz",
                                     "+",
                                     "&",
                                     "=",
                                     "..",
                                     ".",
                                     "[::1]",
                                     "[::ffff:127.0.0.1]",
                                     "[v1.x]",
                                     "[",
                                     "]",
                                     "127.0.0.1",
                                     "localhost",
                                     "a.example",
                                     "xn--",
                                     "\xC3\xA9",
                                     " ",
                                     "\t",
                                     "\r\n",
                                     "state=x",
                                     "admin_consent=True",
                                     "error=access_denied&error_description=no",
                                     "tenant=t"});

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  if (const auto url = directory::Url::parse(text); url.has_value()) {
    check_url(*url);
  } else {
    check(is_plain(url.error().message));
  }
  // Whatever a value is, a query carries it whole.
  const std::string query = "a=" + directory::percent_encoded(text) + "&b=1";
  const auto carried = directory::parse_query(query);
  check(carried.has_value() && carried->size() == 2 && carried->front().second == text);
  if (const auto parameters = directory::parse_query(text); parameters.has_value()) {
    for (const auto& [name, value] : *parameters) {
      check(directory::find_parameter(*parameters, name).has_value());
    }
  }
  if (const auto consent = directory::parse_consent_redirect(text); consent.has_value()) {
    check(!consent->state.empty() && consent->is_granted == consent->refusal.empty());
    check(is_plain(consent->refusal));
  }
  return 0;
}
