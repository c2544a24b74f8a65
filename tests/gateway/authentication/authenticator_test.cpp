// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/authenticator.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/verdict/authentication.h"
#include "tests/support/dkim_signer.h"
#include "tests/support/zone_resolver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using tests::DkimKeyPair;
using tests::DkimSigning;
using tests::ZoneResolver;
using Dmarc = policy::AuthenticationResults::Dmarc;

constexpr std::string_view kBody = "Dear Bob,\r\n\r\nplease pay.\r\n";
constexpr std::string_view kGoodClient = "192.0.2.7";
constexpr std::string_view kBadClient = "203.0.113.9";

const DkimKeyPair& rsa_key() {
  static const DkimKeyPair key = tests::make_rsa_key();
  return key;
}

const DkimKeyPair& ed25519_key() {
  static const DkimKeyPair key = tests::make_ed25519_key();
  return key;
}

// contoso.example publishes all there is, by default.
class AuthenticatorTest : public testing::Test {
 protected:
  AuthenticatorTest() : zone(std::make_unique<ZoneResolver>()) {
    zone->add_text("_dmarc.contoso.example", "v=DMARC1; p=reject");
    zone->add_text("contoso.example", "v=spf1 ip4:192.0.2.0/24 -all");
    zone->add_text("s1._domainkey.contoso.example", rsa_key().record);
    zone->add_text("e1._domainkey.contoso.example", ed25519_key().record);
    settings.helper = FROMGUARD_HELPER;
    settings.workers = 4;
    settings.on_helper_failure = [this] { ++helper_failures; };
    request.from_domain = "contoso.example";
    request.client = policy::parse_ip_address(kBadClient);
    request.helo = "mail.contoso.example";
    request.mail_from = "ada@contoso.example";
    request.fields = {{.name = "From", .value = " Ada Lovelace <ada@contoso.example>"},
                      {.name = "To", .value = " bob@fabrikam.example"},
                      {.name = "Subject", .value = " Urgent\n\tinvoice"},
                      {.name = "Date", .value = " Sun, 22 Nov 2026 09:00:00 +0000"}};
  }

  Authenticator& authenticator() {
    if (started == nullptr) {
      asked_of = zone.get();
      auto made = Authenticator::start(settings, std::move(zone));
      EXPECT_TRUE(made.has_value()) << made.error().message;
      started = *std::move(made);
    }
    return *started;
  }

  void sign(const DkimKeyPair& key, const DkimSigning& signing, std::string_view body = kBody) {
    std::vector<std::string> fields;
    for (const SignedField& field : request.fields) {
      std::string value;
      for (const char c : field.value) {
        value += c == '\n' ? "\r\n" : std::string{c};
      }
      fields.push_back(field.name + ':' + value);
    }
    request.fields.insert(
        request.fields.begin(),
        {.name = "DKIM-Signature", .value = tests::dkim_signature(key, signing, fields, body)});
  }

  AuthenticationOutcome evaluate(std::string_view body = kBody) {
    const auto check = authenticator().begin(request);
    for (std::size_t begin = 0; begin < body.size(); begin += 7) {
      check->add_body(body.substr(begin, 7));
    }
    return check->finish();
  }

  std::vector<DnsQuestion> asked() { return asked_of->asked(); }

  AuthenticationSettings settings;
  AuthenticationRequest request;
  std::unique_ptr<ZoneResolver> zone;
  ZoneResolver* asked_of = nullptr;
  std::atomic<int> helper_failures = 0;
  std::unique_ptr<Authenticator> started;
};

TEST_F(AuthenticatorTest, SpfSettlesItWithoutTheBody) {
  request.client = policy::parse_ip_address(kGoodClient);
  sign(rsa_key(), {.domain = "contoso.example"});
  const auto check = authenticator().begin(request);
  const AuthenticationOutcome outcome = check->finish();
  EXPECT_FALSE(check->wants_body());
  EXPECT_EQ(outcome.spf, SpfResult::kPass);
  EXPECT_TRUE(outcome.is_spf_aligned);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kPass);
  EXPECT_EQ(outcome.dmarc_policy, policy::DmarcPolicy::kReject);
  EXPECT_TRUE(outcome.dkim.empty());
  EXPECT_FALSE(outcome.is_unavailable);
  EXPECT_EQ(outcome.results().dmarc, Dmarc::kPass);
  EXPECT_TRUE(outcome.results().aligned_pass);
  EXPECT_EQ(outcome.questions, 2U);
}

TEST_F(AuthenticatorTest, AForgedAddressFails) {
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf, SpfResult::kFail);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
  EXPECT_EQ(outcome.results().dmarc, Dmarc::kFail);
  EXPECT_FALSE(outcome.is_unavailable);
}

TEST_F(AuthenticatorTest, NothingElseIsAskedWhereNoRecordIsPublished) {
  request.from_domain = "quiet.example";
  request.mail_from = "ada@quiet.example";
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.dmarc, DmarcResult::kNone);
  EXPECT_EQ(outcome.spf, std::nullopt);
  EXPECT_EQ(asked(),
            (std::vector<DnsQuestion>{{.name = "_dmarc.quiet.example", .type = DnsType::kTxt}}));
}

TEST_F(AuthenticatorTest, WhatIsAlwaysRequiredIsWorkedOutWithoutARecord) {
  zone->add_text("quiet.example", "v=spf1 ip4:203.0.113.9 -all");
  request.from_domain = "quiet.example";
  request.mail_from = "ada@quiet.example";
  request.only_if_published = false;
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.dmarc, DmarcResult::kNone);
  EXPECT_TRUE(outcome.results().aligned_pass);
}

TEST_F(AuthenticatorTest, AnotherDomainsSpfIsNotEvenAsked) {
  request.mail_from = "bounce@attacker.example";
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf, std::nullopt);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
  EXPECT_EQ(asked().size(), 1U);
}

TEST_F(AuthenticatorTest, TheNullReversePathIsJudgedByHelo) {
  zone->add_text("mail.contoso.example", "v=spf1 ip4:192.0.2.7 -all");
  request.client = policy::parse_ip_address(kGoodClient);
  request.mail_from = "";
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf_domain, "mail.contoso.example");
  EXPECT_TRUE(outcome.is_spf_of_helo);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kPass);
}

TEST_F(AuthenticatorTest, LoopbackClientsPassNothing) {
  zone->add_text("open.example", "v=spf1 +all");
  request.client = policy::parse_ip_address("127.0.0.1");
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf, SpfResult::kNone);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, AMappedClientIsAnIpv4Client) {
  request.client = policy::parse_ip_address("::ffff:192.0.2.7");
  EXPECT_EQ(evaluate().spf, SpfResult::kPass);
}

class Signed : public AuthenticatorTest,
               public testing::WithParamInterface<std::pair<bool, bool>> {};

TEST_P(Signed, RsaPasses) {
  sign(rsa_key(),
       {.domain = "contoso.example",
        .relaxed_header = GetParam().first,
        .relaxed_body = GetParam().second});
  const auto outcome = evaluate();
  ASSERT_EQ(outcome.dkim.size(), 1U);
  EXPECT_EQ(outcome.dkim.front().result, DkimResult::kPass);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kPass);
  EXPECT_TRUE(outcome.results().dkim_aligned);
  EXPECT_EQ(outcome.spf, SpfResult::kFail);
}

// libopendkim itself cannot verify what it signs with Ed25519 and simple header canonicalization;
// signed_messages_test.cpp has such messages from another signer.
TEST_P(Signed, Ed25519Passes) {
  sign(ed25519_key(),
       {.domain = "contoso.example", .selector = "e1", .relaxed_body = GetParam().second});
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kPass);
}

TEST_P(Signed, ATamperedBodyFails) {
  sign(rsa_key(),
       {.domain = "contoso.example",
        .relaxed_header = GetParam().first,
        .relaxed_body = GetParam().second});
  const auto outcome = evaluate("Dear Bob,\r\n\r\nplease pay me.\r\n");
  ASSERT_EQ(outcome.dkim.size(), 1U);
  EXPECT_EQ(outcome.dkim.front().result, DkimResult::kFail);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
}

INSTANTIATE_TEST_SUITE_P(Canonicalizations,
                         Signed,
                         testing::Values(std::pair{true, true},
                                         std::pair{true, false},
                                         std::pair{false, true},
                                         std::pair{false, false}));

TEST_F(AuthenticatorTest, ASignedFieldThatChangedFails) {
  sign(rsa_key(), {.domain = "contoso.example"});
  request.fields[3].value = " Nothing urgent";
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, ASecondFromFails) {
  sign(rsa_key(), {.domain = "contoso.example"});
  request.fields.insert(request.fields.begin(), {.name = "From", .value = " eve@attacker.example"});
  EXPECT_NE(evaluate().dmarc, DmarcResult::kPass);
}

TEST_F(AuthenticatorTest, OneAlignedPassIsEnoughWhateverOtherSignaturesSay) {
  zone->add_text("s1._domainkey.mail.contoso.example", rsa_key().record);
  sign(rsa_key(), {.domain = "contoso.example"});
  sign(rsa_key(), {.domain = "mail.contoso.example"}, "another body\r\n");
  sign(rsa_key(), {.domain = "attacker.example"});
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.dkim.size(), 2U);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kPass);
}

TEST_F(AuthenticatorTest, ASignatureOfAnotherDomainNeedsNoBody) {
  sign(rsa_key(), {.domain = "attacker.test"});
  const auto check = authenticator().begin(request);
  EXPECT_FALSE(check->wants_body());
  EXPECT_EQ(check->finish().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, ABodySignedInPartIsNotSigned) {
  sign(rsa_key(),
       {.domain = "contoso.example", .relaxed_body = false, .body_length = kBody.size()});
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kPass);
  const auto appended = evaluate(std::string{kBody} + "And now to something else.\r\n");
  ASSERT_EQ(appended.dkim.size(), 1U);
  EXPECT_EQ(appended.dkim.front().result, DkimResult::kPolicy);
  EXPECT_EQ(appended.dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, AnExpiredSignatureCostsNothing) {
  sign(rsa_key(),
       {.domain = "contoso.example",
        .lifetime = std::chrono::seconds{60},
        .signed_at = std::chrono::system_clock::now() - std::chrono::hours{1}});
  const auto check = authenticator().begin(request);
  EXPECT_FALSE(check->wants_body());
  EXPECT_EQ(check->finish().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, Sha1IsNoSignature) {
  sign(rsa_key(), {.domain = "contoso.example", .use_sha1 = true});
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, AShortKeyIsNoKey) {
  const DkimKeyPair key = tests::make_rsa_key(768);
  zone->add_text("short._domainkey.contoso.example", key.record);
  sign(key, {.domain = "contoso.example", .selector = "short"});
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, ATestKeyIsNoKey) {
  zone->add_text("test._domainkey.contoso.example", rsa_key().record + "; t=y");
  sign(rsa_key(), {.domain = "contoso.example", .selector = "test"});
  const auto outcome = evaluate();
  ASSERT_EQ(outcome.dkim.size(), 1U);
  EXPECT_EQ(outcome.dkim.front().result, DkimResult::kPolicy);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, AKeyThatIsNotThereFailsForGood) {
  sign(rsa_key(), {.domain = "contoso.example", .selector = "nobody"});
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
  EXPECT_FALSE(outcome.is_unavailable);
}

TEST_F(AuthenticatorTest, AKeyThatCannotBeHadFailsForNow) {
  zone->add_failure("later._domainkey.contoso.example");
  sign(rsa_key(), {.domain = "contoso.example", .selector = "later"});
  const auto outcome = evaluate();
  ASSERT_EQ(outcome.dkim.size(), 1U);
  EXPECT_EQ(outcome.dkim.front().result, DkimResult::kTempError);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kTempError);
  EXPECT_TRUE(outcome.is_unavailable);
  EXPECT_FALSE(outcome.has_aligned_pass());
}

TEST_F(AuthenticatorTest, DnsThatFailsIsNeverAPass) {
  zone->add_failure("_dmarc.broken.example");
  zone->add_failure("broken.example");
  request.from_domain = "broken.example";
  request.mail_from = "ada@broken.example";
  request.only_if_published = false;
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf, SpfResult::kTempError);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kTempError);
  EXPECT_TRUE(outcome.is_unavailable);
  EXPECT_EQ(outcome.results().dmarc, Dmarc::kUnknown);
}

TEST_F(AuthenticatorTest, DkimIsWorkedOutWhereItIsNeededThoughSpfPassed) {
  request.client = policy::parse_ip_address(kGoodClient);
  request.needs_dkim = true;
  sign(rsa_key(), {.domain = "contoso.example"});
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf, SpfResult::kPass);
  EXPECT_TRUE(outcome.results().dkim_aligned);
}

TEST_F(AuthenticatorTest, StrictAlignmentWantsTheSameDomain) {
  zone->add_text("_dmarc.strict.example", "v=DMARC1; p=reject; adkim=s; aspf=s");
  zone->add_text("mail.strict.example", "v=spf1 +all");
  zone->add_text("s1._domainkey.mail.strict.example", rsa_key().record);
  request.from_domain = "strict.example";
  request.mail_from = "ada@mail.strict.example";
  sign(rsa_key(), {.domain = "mail.strict.example"});
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, NoMoreThanEightSignaturesAreVerified) {
  for (int i = 0; i < 12; ++i) {
    request.fields.push_back({.name = "DKIM-Signature",
                              .value = " v=1; a=rsa-sha256; d=contoso.example; s=s" +
                                       std::to_string(i) + "; h=from; bh=AAAA; b=AAAA"});
  }
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.dkim.size(), 8U);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kFail);
  EXPECT_EQ(helper_failures, 0);
}

TEST_F(AuthenticatorTest, AnOversizeHeaderIsNotHandedToTheLibrary) {
  sign(rsa_key(), {.domain = "contoso.example"});
  request.fields.push_back({.name = "X-Large", .value = std::string(std::size_t{2} << 20U, 'a')});
  const auto check = authenticator().begin(request);
  EXPECT_FALSE(check->wants_body());
  EXPECT_EQ(check->finish().dmarc, DmarcResult::kFail);
}

TEST_F(AuthenticatorTest, ABodyThatIsTooLargeMakesDkimUnavailable) {
  settings.body_octets = 10;
  sign(rsa_key(), {.domain = "contoso.example"});
  const auto outcome = evaluate();
  EXPECT_TRUE(outcome.is_unavailable);
  EXPECT_EQ(outcome.dmarc, DmarcResult::kTempError);
}

TEST_F(AuthenticatorTest, AFromDomainThatIsNoneIsAnErrorForGood) {
  request.from_domain = "[192.0.2.1]";
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kPermError);
  EXPECT_TRUE(asked().empty());
}

TEST_F(AuthenticatorTest, ChecksAtTheSameTimeDoNotMix) {
  sign(rsa_key(), {.domain = "contoso.example"});
  std::vector<std::unique_ptr<AuthenticationCheck>> checks;
  for (int i = 0; i < 40; ++i) {
    AuthenticationRequest one = request;
    one.client = policy::parse_ip_address(i % 2 == 0 ? kGoodClient : kBadClient);
    if (i % 3 == 0) {
      one.fields.erase(one.fields.begin());
    }
    checks.push_back(authenticator().begin(std::move(one)));
  }
  for (std::size_t i = 0; i < checks.size(); ++i) {
    checks[i]->add_body(kBody);
    const bool is_genuine = i % 2 == 0 || i % 3 != 0;
    EXPECT_EQ(checks[i]->finish().dmarc, is_genuine ? DmarcResult::kPass : DmarcResult::kFail) << i;
  }
  EXPECT_EQ(helper_failures, 0);
}

TEST_F(AuthenticatorTest, WithoutHelperThereIsNoStart) {
  settings.helper = "/nonexistent";
  EXPECT_FALSE(Authenticator::start(settings, std::move(zone)).has_value());
  settings.helper = "/bin/true";
  EXPECT_FALSE(Authenticator::start(settings, std::make_unique<ZoneResolver>()).has_value());
}

}  // namespace
}  // namespace gateway
