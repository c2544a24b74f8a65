// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/request_reader.h"

#include "directory/http/client.h"
#include "directory/http/server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace directory {
namespace {

constexpr std::string_view kChunked =
    "POST /a?b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;x=\"y\"\r\nabc\r\n1\r\nd\r\n0\r\nX-Trailer: t\r\n\r\n";
constexpr std::string_view kNext = "GET /next HTTP/1.1\r\n";

TEST(RequestReader, ReadsTheSameHoweverTheOctetsAreCut) {
  for (std::size_t piece = 1; piece < kChunked.size(); ++piece) {
    RequestReader reader{{}};
    std::string received;
    std::string_view octets = kChunked;
    while (!octets.empty()) {
      EXPECT_FALSE(reader.is_whole()) << piece;
      received += octets.substr(0, piece);
      octets.remove_prefix(std::min(piece, octets.size()));
      reader.take(received);
    }
    ASSERT_TRUE(reader.is_whole()) << piece;
    received += kNext;
    reader.take(received);
    EXPECT_EQ(received, kNext);
    EXPECT_TRUE(reader.keeps_alive());
    const ServedRequest request = reader.release();
    EXPECT_EQ(request.path, "/a");
    EXPECT_EQ(request.query, "b");
    EXPECT_EQ(request.body, "abcd");
    EXPECT_FALSE(find_header(request.headers, "x-trailer").has_value());
  }
}

// Beast 1.81 asserts that the last chunk has come with the octet after it.
TEST(RequestReader, TakesALastChunkOctetByOctet) {
  RequestReader reader{{}};
  std::string received = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char octet : std::string_view{"0\r\n\r\n"}) {
    reader.take(received);
    EXPECT_FALSE(reader.is_whole());
    received += octet;
  }
  reader.take(received);
  EXPECT_TRUE(reader.is_whole());
  EXPECT_EQ(received, "");
}

TEST(RequestReader, SaysWhetherTheClientWaitsToSendItsBody) {
  const auto waits = [](std::string octets) {
    RequestReader reader{{}};
    reader.take(octets);
    return reader.has_header() && reader.awaits_continue();
  };
  const std::string expects = "Host: h\r\nExpect: 100-Continue\r\n";
  EXPECT_TRUE(waits("PUT / HTTP/1.1\r\n" + expects + "Content-Length: 2\r\n\r\n"));
  EXPECT_FALSE(waits("PUT / HTTP/1.1\r\n" + expects + "Content-Length: 2\r\n\r\no"));
  EXPECT_FALSE(waits("PUT / HTTP/1.1\r\n" + expects + "Content-Length: 0\r\n\r\n"));
  EXPECT_FALSE(waits("PUT / HTTP/1.0\r\n" + expects + "Content-Length: 2\r\n\r\n"));
}

TEST(RequestReader, RefusesABodyThatIsMostlyFraming) {
  HttpLimits limits;
  limits.body_octets = 100;
  RequestReader reader{limits};
  std::string octets = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  reader.take(octets);
  octets = "1;" + std::string(100'000, 'x');
  reader.take(octets);
  ASSERT_TRUE(reader.refusal().has_value());
  EXPECT_EQ(reader.refusal()->status, 400U);
  RequestReader other{limits};
  octets = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  while (!other.refusal().has_value() && octets.size() < 1'000'000) {
    octets += "1;" + std::string(1000, 'x') + "\r\na\r\n";
    other.take(octets);
  }
  ASSERT_TRUE(other.refusal().has_value());
  EXPECT_EQ(other.refusal()->status, 413U);
}

}  // namespace
}  // namespace directory
