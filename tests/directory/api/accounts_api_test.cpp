// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/access_control.h"
#include "directory/accounts/accounts.h"
#include "directory/api/api.h"
#include "directory/http/client.h"
#include "directory/http/server.h"
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace json = boost::json;

constexpr const char* kPassword = "correct horse battery";

class AccountsApiTest : public tests::ApiTest {
 protected:
  std::string header(const ServedResponse& response, std::string_view name) {
    return std::string{find_header(response.headers, name).value_or("")};
  }

  ServedResponse send(std::string method,
                      const std::string& target,
                      std::string body = "",
                      HttpHeaders headers = {}) {
    ServedRequest request;
    request.method = std::move(method);
    request.path = "/api/v1/" + target;
    request.body = std::move(body);
    request.headers = std::move(headers);
    request.peer = PeerCredentials{};
    return tests::ask(api_, std::move(request));
  }

  unsigned add(const std::string& name, const std::string& more = R"("role":"viewer")") {
    return send("POST",
                "accounts",
                R"({"name":")" + name + R"(","password":")" + kPassword + "\"," + more + "}")
        .status;
  }
};

TEST_F(AccountsApiTest, MakesTheFirstAccountWithALinkFromTheSocket) {
  const auto link = call("POST", "setup-link");
  ASSERT_EQ(link.status, 200U);
  const std::string secret{link.json.at("secret").as_string()};
  EXPECT_EQ(link.json.at("link").as_string(), "/setup#" + secret);
  const std::string body = R"({"secret":")" + secret + R"(","name":"Ada","password":")" +
                           kPassword + R"(","display_name":"Ada L"})";
  const auto made = send("POST", "setup", body);
  ASSERT_EQ(made.status, 201U) << made.body;
  EXPECT_TRUE(header(made, "Set-Cookie").starts_with("__Host-fromguard="));
  const json::value session = json::parse(made.body);
  EXPECT_EQ(session.at("account").as_string(), "ada");
  EXPECT_EQ(session.at("role").as_string(), "admin");
  EXPECT_TRUE(session.at("organizations").is_null());
  EXPECT_EQ(session.at("csrf_token").as_string().size(), 43U);
  EXPECT_EQ(send("POST", "setup", body).status, 403U);
  EXPECT_EQ(call("POST", "setup-link").status, 409U);
}

TEST_F(AccountsApiTest, SignsInWithNameAndPassword) {
  ASSERT_EQ(add("ada", R"("role":"admin")"), 201U);
  const std::string body = std::string{R"({"name":"ada","password":")"} + kPassword + "\"}";
  const auto signed_in = send("POST", "session", body);
  ASSERT_EQ(signed_in.status, 200U) << signed_in.body;
  EXPECT_NE(header(signed_in, "Set-Cookie"), "");
  EXPECT_EQ(header(signed_in, "Cache-Control"), "no-store");
  const auto wrong = send("POST", "session", R"({"name":"ada","password":"x"})");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_EQ(header(wrong, "Set-Cookie"), "");
  for (int i = 0; i < 4; ++i) {
    static_cast<void>(send("POST", "session", R"({"name":"ada","password":"x"})"));
  }
  const auto waiting = send("POST", "session", body);
  EXPECT_EQ(waiting.status, 429U);
  EXPECT_NE(header(waiting, "Retry-After"), "");
  EXPECT_EQ(send("POST", "session", R"({"name":"ada"})").status, 400U);
}

TEST_F(AccountsApiTest, TheSocketIsAnAdminWithoutSession) {
  const auto session = call("GET", "session");
  EXPECT_EQ(session.status, 200U);
  EXPECT_EQ(session.json.at("account").as_string(), "root");
  EXPECT_TRUE(session.json.at("csrf_token").is_null());
  EXPECT_EQ(call("DELETE", "session").status, 422U);
}

TEST_F(AccountsApiTest, EditsAccountsWithoutLosingUpdates) {
  ASSERT_EQ(add("ada", R"("role":"admin")"), 201U);
  ASSERT_EQ(add("bob", R"("role":"viewer","organizations":["contoso"])"), 201U);
  EXPECT_EQ(add("bob"), 409U);
  const auto shown = send("GET", "accounts/bob");
  EXPECT_EQ(header(shown, "ETag"), "\"1\"");
  EXPECT_EQ(shown.body.find("argon2"), std::string::npos);
  const HttpHeaders first{{"If-Match", "\"1\""}};
  const auto changed =
      send("PATCH", "accounts/bob", R"({"role":"operator","organizations":null})", first);
  ASSERT_EQ(changed.status, 200U) << changed.body;
  EXPECT_EQ(header(changed, "ETag"), "\"2\"");
  EXPECT_TRUE(json::parse(changed.body).at("organizations").is_null());
  EXPECT_EQ(send("PATCH", "accounts/bob", R"({"disabled":true})", first).status, 412U);
  EXPECT_EQ(send("PATCH", "accounts/bob", "{}", {{"If-Match", "1"}}).status, 412U);
  EXPECT_EQ(call("GET", "accounts").json.at("accounts").as_array().size(), 2U);
  EXPECT_EQ(call("PATCH", "accounts/ada", R"({"disabled":true})").status, 409U);
  EXPECT_EQ(call("DELETE", "accounts/bob").status, 200U);
  EXPECT_EQ(call("DELETE", "accounts/bob").status, 404U);
}

TEST_F(AccountsApiTest, SaysWhichFieldIsAtFault) {
  const auto role = call("POST", "accounts", R"({"name":"a","password":"p","role":"king"})");
  EXPECT_EQ(role.status, 400U);
  EXPECT_EQ(role.json.at("pointer").as_string(), "/role");
  for (const std::string organizations : {R"(["acme"])", "[]"}) {
    const auto scoped = call(
        "POST",
        "accounts",
        R"({"name":"a","password":"p","role":"viewer","organizations":)" + organizations + "}");
    EXPECT_EQ(scoped.status, 400U);
    EXPECT_EQ(scoped.json.at("pointer").as_string(), "/organizations");
  }
  ASSERT_EQ(add("ada"), 201U);
  const auto weak = call("PUT", "accounts/ada/password", R"({"password":"short"})");
  EXPECT_EQ(weak.status, 422U);
  EXPECT_EQ(weak.json.at("pointer").as_string(), "/password");
  EXPECT_EQ(call("PUT", "accounts/ada/password", R"({"password":"a long enough one"})").status,
            200U);
  EXPECT_EQ(call("DELETE", "accounts/ada/sessions").status, 200U);
}

TEST_F(AccountsApiTest, ShowsATokenOnce) {
  ASSERT_EQ(add("ada", R"("role":"operator")"), 201U);
  const auto made =
      call("POST", "tokens", R"({"name":"backup","scope":"read","account":"ada","expires":null})");
  ASSERT_EQ(made.status, 201U) << made.detail();
  EXPECT_TRUE(made.json.at("secret").as_string().starts_with("fg_"));
  const auto listed = call("GET", "tokens");
  const json::array& tokens = listed.json.at("tokens").as_array();
  ASSERT_EQ(tokens.size(), 1U);
  EXPECT_FALSE(tokens[0].as_object().contains("secret"));
  EXPECT_FALSE(tokens[0].as_object().contains("digest"));
  EXPECT_TRUE(tokens[0].at("expires").is_null());
  EXPECT_EQ(call("POST", "tokens", R"({"name":"b","scope":"all","account":"ada"})").status, 400U);
  EXPECT_EQ(call("POST", "tokens", R"({"name":"b","scope":"admin","account":"ada"})").status, 403U);
  const std::string id{tokens[0].at("id").as_string()};
  EXPECT_EQ(call("DELETE", "tokens/" + id).status, 200U);
  EXPECT_EQ(call("DELETE", "tokens/" + id).status, 404U);
}

}  // namespace
}  // namespace directory
