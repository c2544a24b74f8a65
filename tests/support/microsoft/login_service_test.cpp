// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/login_service.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/json_web_token.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/small_world.h"
#include "tests/support/microsoft/test_certificate.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace tests::microsoft {
namespace {

class MicrosoftLogin : public testing::Test {
 protected:
  // The first AADSTS code of a refusal; 0 for a token.
  static std::int64_t code_of_login(const Response& response) {
    const json::object body = body_of(response);
    if (response.status == 200) {
      return 0;
    }
    const std::int64_t code = body.at("error_codes").at(0).as_int64();
    EXPECT_TRUE(text_of(body, "error_description").starts_with("AADSTS" + std::to_string(code)));
    EXPECT_FALSE(text_of(body, "error").empty());
    EXPECT_FALSE(text_of(body, "trace_id").empty());
    return code;
  }

  std::int64_t ask(const std::string& form) { return code_of_login(small.ask_token(form)); }

  static std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  }

  // The claims of an assertion that is good.
  json::object claims() {
    const std::int64_t now = small.world.clock.now().count();
    json::object good;
    good["aud"] = small.world.endpoints.login + small.token_path();
    good["iss"] = good["sub"] = small.application().client_id;
    good["jti"] = small.world.random.uuid();
    good["nbf"] = now;
    good["exp"] = now + 300;
    return good;
  }

  std::int64_t ask_with(const std::string& assertion) {
    return ask("grant_type=client_credentials&scope=https://graph.example/.default&client_id=" +
               small.application().client_id +
               "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
               "&client_assertion=" +
               assertion);
  }

  SmallWorld small;
};

TEST_F(MicrosoftLogin, ASecretGetsATokenWithTheRoles) {
  const Response response = small.ask_token(small.token_form());
  const json::object body = body_of(response);
  EXPECT_EQ(text_of(body, "token_type"), "Bearer");
  EXPECT_EQ(body.at("expires_in"), 3599);
  const auto token = JsonWebToken::parse(text_of(body, "access_token")).value();
  EXPECT_EQ(text_of(token.claims, "aud"), "https://graph.example");
  EXPECT_EQ(text_of(token.claims, "tid"), small.tenant().id);
  EXPECT_EQ(token.claims.at("roles").as_array().size(), 3U);
}

TEST_F(MicrosoftLogin, RefusesWhatIsWrongWithTheRequest) {
  const std::string good = small.token_form();
  const std::string id = small.application().client_id;
  EXPECT_EQ(ask(good), 0);
  EXPECT_EQ(ask(good + "x"), 7000215);
  EXPECT_EQ(ask(replaced(good, id, "nobody")), 700016);
  EXPECT_EQ(ask(replaced(good, "%2F.default", "%2FUser.Read")), 70011);
  EXPECT_EQ(ask(replaced(good, ".default", ".default+offline_access")), 70011);
  EXPECT_EQ(ask(replaced(good, "graph.example", "other.example")), 500011);
  EXPECT_EQ(ask(replaced(good, "grant_type", "grant")), 900144);
  EXPECT_EQ(ask(replaced(good, "scope", "scopes")), 900144);
  EXPECT_EQ(ask(replaced(good, "client_secret", "secret")), 7000218);
}

TEST_F(MicrosoftLogin, RefusesTenantsThatAreNone) {
  Request request{.service = Service::kLogin,
                  .method = "POST",
                  .path = "/common/oauth2/v2.0/token",
                  .query = {},
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = small.token_form()};
  EXPECT_EQ(code_of_login(answer_login(small.world, request)), 9001023);
  request.path = "/nobody.example/oauth2/v2.0/token";
  EXPECT_EQ(code_of_login(answer_login(small.world, request)), 90002);
  request.path = "/contoso.onmicrosoft.example/oauth2/v2.0/token";
  EXPECT_EQ(code_of_login(answer_login(small.world, request)), 0);
}

TEST_F(MicrosoftLogin, TellsAnExpiredSecretAndMissingConsent) {
  small.control("POST", "/control/application", R"({"secret_expired": true})");
  EXPECT_EQ(ask(small.token_form()), 7000222);
  small.control("POST", "/control/application", R"({"secret_expired": false, "consented": false})");
  EXPECT_EQ(ask(small.token_form()), 65001);
}

TEST_F(MicrosoftLogin, TakesAnAssertionOfTheRegisteredCertificate) {
  small.application().certificates = {test_certificate().pem()};
  for (const std::string algorithm : {"PS256", "RS256"}) {
    EXPECT_EQ(ask_with(test_certificate().sign(claims(), algorithm, "x5t#S256")), 0) << algorithm;
    EXPECT_EQ(ask_with(test_certificate().sign(claims(), algorithm, "x5t")), 0) << algorithm;
  }
}

TEST_F(MicrosoftLogin, RefusesAnAssertionThatIsNotAsItMustBe) {
  const auto code_with = [&](const char* claim, const json::value& value) {
    json::object changed = claims();
    changed[claim] = value;
    return ask_with(test_certificate().sign(changed, "PS256", "x5t#S256"));
  };
  const std::int64_t now = small.world.clock.now().count();
  EXPECT_EQ(code_with("iat", now), 700027) << "the certificate is not registered yet";
  small.application().certificates = {test_certificate().pem()};
  EXPECT_EQ(code_with("iat", now), 0);
  EXPECT_EQ(code_with("aud", "https://login.example/other/oauth2/v2.0/token"), 700023);
  EXPECT_EQ(code_with("iss", "somebody"), 700021);
  EXPECT_EQ(code_with("sub", "somebody"), 700021);
  EXPECT_EQ(code_with("exp", now - 3600), 700024);
  EXPECT_EQ(code_with("nbf", now + 3600), 700024);
  EXPECT_EQ(code_with("jti", nullptr), 50027);
  EXPECT_EQ(ask_with(test_certificate().sign(claims(), "PS256", "x5u")), 700027);
  EXPECT_EQ(ask_with(test_certificate().sign(claims(), "HS256", "x5t#S256")), 700027);
  EXPECT_EQ(ask_with("a.b.c"), 50027);
}

TEST_F(MicrosoftLogin, RefusesAnAssertionThatWasUsed) {
  small.application().certificates = {test_certificate().pem()};
  const std::string assertion = test_certificate().sign(claims(), "PS256", "x5t#S256");
  EXPECT_EQ(ask_with(assertion), 0);
  EXPECT_EQ(ask_with(assertion), 50027);
}

TEST_F(MicrosoftLogin, TheAdministratorWhoClicksConsents) {
  small.application().is_consented = false;
  const Request request{.service = Service::kLogin,
                        .method = "GET",
                        .path = "/common/adminconsent",
                        .query = "client_id=" + small.application().client_id +
                                 "&state=a%20b&redirect_uri=https%3A%2F%2Fgw.example%2Fback",
                        .headers = {},
                        .body = {}};
  small.world.consent_is_cancelled = true;
  const Response refused = answer_login(small.world, request);
  EXPECT_NE(find_field(refused.headers, "Location")->find("error=permission_denied"),
            std::string::npos);
  EXPECT_FALSE(small.application().is_consented);
  small.world.consent_is_cancelled = false;
  const Response agreed = answer_login(small.world, request);
  EXPECT_EQ(agreed.status, 302U);
  EXPECT_EQ(
      *find_field(agreed.headers, "Location"),
      "https://gw.example/back?tenant=" + small.tenant().id + "&state=a%20b&admin_consent=True");
  EXPECT_TRUE(small.application().is_consented);
}

}  // namespace
}  // namespace tests::microsoft
