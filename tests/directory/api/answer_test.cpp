// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"

#include "policy/name/charset.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <gtest/gtest.h>

#include <expected>
#include <string>

namespace directory {
namespace {

// A path or a query, decoded, may hold any octets, and refusals repeat them.
TEST(Answer, RefusesInJsonWhateverTheRequestHeld) {
  const auto response =
      to_response(refuse_request("there is no query key '\xff\xc3' here", "/a\xff"));
  EXPECT_TRUE(policy::is_utf8(response.body));
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(response.body, error);
  ASSERT_FALSE(error) << response.body;
  EXPECT_TRUE(std::string{body.at("detail").as_string()}.starts_with("there is no query key '"));
}

TEST(Answer, LeavesWhatCanBeReadAsItIs) {
  const auto response = to_response(refuse_request("two\nlines \xC3\xA9"));
  EXPECT_EQ(boost::json::parse(response.body).at("detail"), "two\nlines \xC3\xA9");
}

}  // namespace
}  // namespace directory
