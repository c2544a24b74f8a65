// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/token_source.h"

#include "directory/graph/failure.h"
#include "directory/graph/token_answer.h"
#include "directory/http/url.h"
#include "tests/directory/graph/scripted_graph.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using tests::answer;
using Kind = GraphFailureKind;

class TokenSourceTest : public ScriptedGraphTest {
 protected:
  GraphResult<AccessToken> token(Audience audience = Audience::kGraph) {
    return run(tokens().token(audience));
  }

  void expect_failure(const std::string& fixture, Kind kind, std::string_view code) {
    login_answers({answer(400, read_fixture(fixture))});
    const auto asked = token();
    ASSERT_FALSE(asked.has_value()) << fixture;
    EXPECT_EQ(asked.error().kind, kind) << asked.error().message;
    EXPECT_EQ(asked.error().code, code);
    EXPECT_NE(asked.error().message.find(code), std::string::npos);
    EXPECT_EQ(asked.error().message.find("Trace ID"), std::string::npos);
    EXPECT_EQ(asked.error().message.find("s3cret"), std::string::npos);
  }
};

TEST_F(TokenSourceTest, AsksByClientCredentialsAndReadsRoles) {
  const auto asked = token();
  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  EXPECT_EQ(asked->text, scripted_token(1));
  EXPECT_EQ(asked->roles, (std::vector<std::string>{"User.Read.All", "Domain.Read.All"}));
  EXPECT_EQ(asked->tenant_id, "11111111-0000-4000-8000-000000000001");
  const auto request = requests(true).at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/contoso.example/oauth2/v2.0/token");
  const auto form = parse_query(request.body).value();
  EXPECT_EQ(find_parameter(form, "grant_type"), "client_credentials");
  EXPECT_EQ(find_parameter(form, "client_id"), application_.client_id);
  EXPECT_EQ(find_parameter(form, "client_secret"), "s3cret value&=");
  EXPECT_EQ(find_parameter(form, "scope"), application_.cloud.graph + "/.default");
}

TEST_F(TokenSourceTest, KeepsOneTokenForEachAudience) {
  EXPECT_EQ(token()->text, scripted_token(1));
  EXPECT_EQ(token()->text, scripted_token(1));
  EXPECT_EQ(token(Audience::kExchange)->text, scripted_token(2));
  const auto form = parse_query(requests(true).at(1).body).value();
  EXPECT_EQ(find_parameter(form, "scope"), "https://exchange.example/.default");
  tokens().forget(Audience::kGraph);
  EXPECT_EQ(token()->text, scripted_token(3));
  EXPECT_EQ(token(Audience::kExchange)->text, scripted_token(2));
  tokens().forget_refused(Audience::kGraph, scripted_token(1));
  EXPECT_EQ(token()->text, scripted_token(3));
}

TEST_F(TokenSourceTest, GoesToTheNetworkOnceForAllWhoAsk) {
  int served = 0;
  for (int i = 0; i < 5; ++i) {
    boost::asio::co_spawn(io_,
                          tokens().token(Audience::kGraph),
                          [&](const std::exception_ptr&, const GraphResult<AccessToken>& asked) {
                            served += asked.has_value() && asked->text == scripted_token(1) ? 1 : 0;
                          });
  }
  io_.run();
  EXPECT_EQ(served, 5);
  EXPECT_EQ(requests(true).size(), 1U);
}

TEST_F(TokenSourceTest, TakesNoTokenWithoutALifetime) {
  login_answers({answer(200, token_body(7, 0)), answer(200, token_body(8))});
  EXPECT_EQ(token()->text, scripted_token(8));
  EXPECT_EQ(requests(true).size(), 2U);
}

TEST_F(TokenSourceTest, ProvesItselfWithACertificate) {
  const auto path = folder_.path() / "certificate.pem";
  tests::write_file(path, tests::make_identity({}).both());
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  application_.credential = {.certificate = path, .secret = {}};
  ASSERT_TRUE(token().has_value());
  const auto form = parse_query(requests(true).at(0).body).value();
  EXPECT_EQ(find_parameter(form, "client_assertion_type"),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  EXPECT_TRUE(find_parameter(form, "client_assertion")->starts_with("eyJ"));
  EXPECT_FALSE(find_parameter(form, "client_secret").has_value());
}

TEST_F(TokenSourceTest, TellsRefusalsApartAndDoesNotRepeatThem) {
  expect_failure("token.error.7000215.json", Kind::kCredential, "AADSTS7000215");
  expect_failure("token.error.7000222.json", Kind::kCredential, "AADSTS7000222");
  expect_failure("token.error.700016.json", Kind::kConsent, "AADSTS700016");
  expect_failure("token.error.90002.json", Kind::kTenant, "AADSTS90002");
  EXPECT_EQ(requests(true).size(), 4U);
}

TEST_F(TokenSourceTest, SaysHowToAuthorizeAgain) {
  login_answers({answer(400, R"({"error":"invalid_grant","error_codes":[65001],
      "error_description":"AADSTS65001: No consent.\r\nTrace ID: 1"})")});
  const auto asked = token();
  EXPECT_EQ(asked.error().kind, Kind::kConsent);
  EXPECT_NE(asked.error().message.find("fromguard-directory directories authorize"),
            std::string::npos);
}

TEST_F(TokenSourceTest, KnowsAWrongClockFromAWrongKey) {
  login_answers({answer(401, R"({"error":"invalid_client","error_description":
      "AADSTS700024: Client assertion is not within its valid time range."})")});
  const auto asked = token();
  EXPECT_EQ(asked.error().kind, Kind::kClock);
  EXPECT_EQ(asked.error().code, "AADSTS700024");
}

TEST_F(TokenSourceTest, AsksAgainWhileTheServiceIsBusy) {
  login_answers({answer(503, "busy", "Retry-After: 0.001\r\n"),
                 answer(200, "<html>"),
                 answer(400, R"({"error":"temporarily_unavailable"})"),
                 answer(400, R"({"error":"x","error_codes":[90033]})")});
  EXPECT_EQ(token()->text, scripted_token(1));
  EXPECT_EQ(requests(true).size(), 5U);
}

TEST_F(TokenSourceTest, GivesUpInTheEnd) {
  login_answers(std::vector(9, answer(503, "")));
  EXPECT_EQ(token().error().kind, Kind::kUnavailable);
  EXPECT_EQ(requests(true).size(), 5U);
}

TEST_F(TokenSourceTest, TriesANewCertificateThreeTimes) {
  login_answers(std::vector(9, answer(401, read_fixture("token.error.700027.json"))));
  EXPECT_EQ(token().error().kind, Kind::kCredential);
  EXPECT_EQ(requests(true).size(), 3U);
}

TEST_F(TokenSourceTest, SaysThatTheCredentialIsMissingBeforeItAsks) {
  application_.credential.secret = folder_.path() / "missing";
  EXPECT_EQ(token().error().kind, Kind::kCredential);
  EXPECT_TRUE(requests(true).empty());
}

TEST(TokenAnswerTest, CutsWhatAServiceSaysToASentence) {
  EXPECT_EQ(first_sentence("a b. Trace ID: 1"), "a b.");
  EXPECT_EQ(first_sentence("a\r\nb"), "a");
  EXPECT_EQ(first_sentence(std::string(299, 'x') + "\xC3\xA4").size(), 299U);
}

TEST(TokenAnswerTest, TakesAnOpaqueTokenAsItIs) {
  EXPECT_TRUE(decode_access_token("opaque").roles.empty());
  EXPECT_TRUE(decode_access_token("a.b!.c").roles.empty());
  EXPECT_EQ(decode_access_token("a.b.c").text, "a.b.c");
}

}  // namespace
}  // namespace directory
