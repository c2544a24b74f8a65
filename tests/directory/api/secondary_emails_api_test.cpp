// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

using tests::ApiTest;

constexpr const char* kOfBob = "people/contoso/Staff/bob/secondary-emails";

TEST_F(ApiTest, KeepsSecondaryEmailsInCanonicalForm) {
  const auto put = call(
      "PUT", kOfBob, R"({"addresses":["Bob@Work.EXAMPLE","bob@home.example","bob@contoso.com"]})");
  EXPECT_EQ(put.status, 200U);
  EXPECT_EQ(boost::json::serialize(call("GET", kOfBob).json),
            R"({"declared":["bob@home.example"],"added":["bob@work.example"]})");
  EXPECT_EQ(control_.changes, 1);
  EXPECT_EQ(call("PUT", kOfBob, R"({"addresses":[]})").status, 200U);
  EXPECT_TRUE(call("GET", kOfBob).json.at("added").as_array().empty());
}

TEST_F(ApiTest, NamesTheLineOfWhatIsNoAddress) {
  const auto refused = call("PUT", kOfBob, R"({"addresses":["a@b.example","no address"]})");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(refused.json.at("pointer").as_string(), "/addresses/1");
  EXPECT_TRUE(refused.detail().starts_with("line 2: ")) << refused.detail();
  EXPECT_NE(refused.detail().find("no address"), std::string::npos);
}

TEST_F(ApiTest, RefusesAnAddressOfSomebodyElse) {
  const auto refused = call("PUT", kOfBob, R"({"addresses":["ADA@contoso.com"]})");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_NE(refused.detail().find("is an address of Ada Lovelace"), std::string::npos);
  EXPECT_TRUE(call("GET", kOfBob).json.at("added").as_array().empty());
}

TEST_F(ApiTest, ImportsAllOrNothing) {
  const auto refused = call("POST",
                            "secondary-emails/import",
                            R"({"entries":[{"person":"ada@contoso.com","address":"ada@x.example"},
                                {"person":"zoe@contoso.com","address":"zoe@x.example"}]})");
  EXPECT_EQ(refused.status, 404U);
  EXPECT_EQ(refused.json.at("pointer").as_string(), "/entries/1/person");
  const auto shared = call("POST",
                           "secondary-emails/import",
                           R"({"entries":[{"person":"ada@contoso.com","address":"a@x.example"},
                               {"person":"bob@contoso.com","address":"a@x.example"}]})");
  EXPECT_EQ(shared.status, 409U);
  EXPECT_EQ(call("GET", "secondary-emails").json.at("people").as_array().size(), 1U);

  const auto done = call("POST",
                         "secondary-emails/import",
                         R"({"entries":[{"person":"ada@contoso.com","address":"ada@x.example"},
                             {"person":"bob@home.example","address":"bob@x.example"}]})");
  EXPECT_EQ(done.json.at("people").to_number<int>(), 2);
  EXPECT_EQ(boost::json::serialize(call("GET", kOfBob).json.at("added")), R"(["bob@x.example"])");
}

}  // namespace
}  // namespace directory
