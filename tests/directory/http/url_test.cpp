// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/url.h"

#include "policy/result.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace directory {
namespace {

using namespace std::string_view_literals;

TEST(UrlTest, TakesAUrlApart) {
  const Url url = Url::parse("HTTPS://Graph.Example.COM/v1.0/users/delta?$skiptoken=a%2Bb").value();
  EXPECT_EQ(url.origin(), (Origin{.scheme = "https", .host = "graph.example.com", .port = 443}));
  EXPECT_EQ(url.target(), "/v1.0/users/delta?$skiptoken=a%2Bb");
  EXPECT_EQ(url.text(), "https://graph.example.com/v1.0/users/delta?$skiptoken=a%2Bb");
}

TEST(UrlTest, HasATargetAndAPortInEveryCase) {
  EXPECT_EQ(Url::parse("http://a.example")->target(), "/");
  EXPECT_EQ(Url::parse("http://a.example")->origin().port, 80);
  EXPECT_EQ(Url::parse("https://a.example:?x")->target(), "/?x");
  EXPECT_EQ(Url::parse("https://a.example:8443/")->text(), "https://a.example:8443/");
  EXPECT_EQ(Url::parse("https://[2001:DB8:0:0::1]:8443/a")->origin().host, "2001:db8::1");
  EXPECT_EQ(Url::parse("https://[2001:db8::1]/a")->text(), "https://[2001:db8::1]/a");
}

TEST(UrlTest, RefusesWhatItWillNotSpeakTo) {
  for (const std::string_view text : {""sv,
                                      "/v1.0/users"sv,
                                      "//graph.example.com/"sv,
                                      "ftp://a.example/"sv,
                                      "file:///etc/passwd"sv,
                                      "https:///path"sv,
                                      "https://user@a.example/"sv,
                                      "https://user:word@a.example/"sv,
                                      "https://a.example/#part"sv,
                                      "https://a.example/a b"sv,
                                      "https://a.example/a\r\nX: y"sv,
                                      "https://a.example/\0"sv,
                                      "https://a.example:0/"sv,
                                      "https://a.example:65536/"sv,
                                      "https://ex%61mple.com/"sv,
                                      "https://a.example\\@b.example/"sv,
                                      "https://[v1.x]/"sv,
                                      "https://127.0.0.1.example/"sv,
                                      "https://127.0.0.1example/"sv,
                                      "https://[::1]example/"sv}) {
    const auto parsed = Url::parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, policy::ErrorCode::kInvalidInput);
  }
}

TEST(UrlTest, KnowsLoopback) {
  for (const std::string_view text : {"http://localhost:1/"sv,
                                      "http://LOCALHOST/"sv,
                                      "http://127.0.0.1/"sv,
                                      "http://127.9.9.9/"sv,
                                      "http://[::1]/"sv}) {
    EXPECT_TRUE(Url::parse(text)->is_loopback()) << text;
  }
  for (const std::string_view text : {"http://localhost.example/"sv,
                                      "http://128.0.0.1/"sv,
                                      "http://0.0.0.0/"sv,
                                      "http://[::2]/"sv}) {
    EXPECT_FALSE(Url::parse(text)->is_loopback()) << text;
  }
}

TEST(UrlTest, EncodesForQueriesAndReadsThemBack) {
  const std::string text = "O'Hara & Søn + 100% #1/2?=";
  EXPECT_EQ(percent_encoded("a-b_c.d~e f+g"), "a-b_c.d~e%20f%2Bg");
  const auto read = parse_query("x=" + percent_encoded(text) + "&&flag&y=a+b%20c").value();
  EXPECT_EQ(find_parameter(read, "x"), text);
  EXPECT_EQ(find_parameter(read, "flag"), "");
  EXPECT_EQ(find_parameter(read, "y"), "a b c");
  EXPECT_FALSE(find_parameter(read, "z").has_value());
  EXPECT_FALSE(parse_query("x=%4").has_value());
  EXPECT_FALSE(parse_query("x=%zz").has_value());
}

}  // namespace
}  // namespace directory
