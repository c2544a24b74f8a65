// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/request_reader.h"
#include "directory/http/server.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using directory::RequestReader;
using directory::ServedRequest;

// The requests in a connection's octets.
std::vector<ServedRequest> read_in_pieces(std::string_view octets, std::size_t piece) {
  directory::HttpLimits limits;
  limits.header_octets = 1024;
  limits.body_octets = 256;
  std::vector<ServedRequest> requests;
  std::string received;
  std::optional<RequestReader> reader;
  reader.emplace(limits);
  while (!octets.empty() && !reader->refusal().has_value()) {
    received += octets.substr(0, piece);
    octets.remove_prefix(std::min(piece, octets.size()));
    reader->take(received);
    while (reader->is_whole()) {
      requests.push_back(reader->release());
      reader.emplace(limits);
      reader->take(received);
    }
  }
  return requests;
}

bool is_same(const ServedRequest& a, const ServedRequest& b) {
  return a.method == b.method && a.path == b.path && a.query == b.query && a.headers == b.headers &&
         a.body == b.body;
}

bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

std::ptrdiff_t count_of(const ServedRequest& request, std::string_view name) {
  return std::ranges::count_if(request.headers, [&](const auto& field) {
    return std::ranges::equal(field.first, name, [](char x, char y) {
      return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y;
    });
  });
}

// What every handler may rely on.
void check_harmless(const ServedRequest& request) {
  check(request.path.starts_with('/') && !request.path.contains('?'));
  check(std::ranges::all_of(request.path + request.query,
                            [](char c) { return c > ' ' && c <= '~' && c != '#'; }));
  check(request.method != "CONNECT" && request.method != "TRACE" && !request.method.empty());
  check(request.body.size() <= 256);
  check(count_of(request, "host") <= 1);
  check(count_of(request, "content-length") + count_of(request, "transfer-encoding") <= 1);
  for (const auto& [name, value] : request.headers) {
    check(!name.empty() && is_clean(name) && is_clean(value));
  }
}

constexpr std::array<std::string_view, 40> kPieces{
    "GET ",
    "POST ",
    "HEAD / HTTP/1.1\r\n",
    "/ HTTP/1.1\r\n",
    " HTTP/1.1\r\n",
    " HTTP/1.0\r\n",
    "http://h/",
    "https://h?",
    "*",
    "?a=b",
    "#",
    "%2f",
    "Host: h\r\n",
    "Host: i\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 4\r\n",
    "Content-Length: ",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: ",
    "gzip, ",
    "identity",
    "Expect: 100-continue\r\n",
    "Connection: close\r\n",
    "Connection: keep-alive\r\n",
    "Upgrade: h2c\r\n",
    "X: ",
    "\r\n\r\n",
    "\r\n",
    "\n",
    "\r",
    "\r\n ",
    "\t",
    "abc",
    "3\r\nabc\r\n",
    "0\r\n\r\n",
    "0\r\nHost: t\r\n\r\n",
    "3;x=\"y\"\r\n",
    "ffffffffffffffff\r\n",
    "CONNECT h:1 HTTP/1.1\r\n",
    "\xC3\xA9",
};

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

// However the network cuts the octets, they are the same requests. When the wrong ones after them
// are refused, and in which words, may hang on how much has arrived.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets = fuzz_input(data, size);
  const auto whole = read_in_pieces(octets, std::max<std::size_t>(size, 1));
  const auto cut = read_in_pieces(octets, size % 7 + 1);
  std::ranges::for_each(whole, check_harmless);
  check(std::ranges::equal(whole, cut, is_same));
  return 0;
}
