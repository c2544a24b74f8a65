// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/client_assertion.h"

#include "directory/private_file.h"
#include "policy/base64.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using tests::Identity;
using tests::make_identity;

class ClientAssertionTest : public ::testing::Test {
 protected:
  fs::path write(std::string_view text, fs::perms mode = fs::perms::owner_read) const {
    const fs::path path = folder_.path() / "credential.pem";
    fs::remove(path);
    tests::write_file(path, text);
    fs::permissions(path, mode);
    return path;
  }

  static policy::Result<std::string> make(const fs::path& path) {
    return make_client_assertion(path,
                                 {.audience = "https://login.example/t/oauth2/v2.0/token",
                                  .client_id = "client",
                                  .id = "id-1",
                                  .now = std::chrono::system_clock::now()});
  }

  void expect_refused(const std::string& pem, std::string_view why) const {
    const auto made = make(write(pem));
    ASSERT_FALSE(made.has_value()) << why;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidInput);
    EXPECT_NE(made.error().message.find(why), std::string::npos) << made.error().message;
    EXPECT_EQ(made.error().message.find("BEGIN"), std::string::npos);
  }

  tests::TemporaryFolder folder_;
  Identity identity_ = make_identity({});
};

boost::json::value decode_part(std::string_view part) {
  return boost::json::parse(policy::decode_base64url(part).value());
}

TEST_F(ClientAssertionTest, SignsWhatTheTokenEndpointAsksFor) {
  const std::string assertion = make(write(identity_.both())).value();
  const std::size_t first = assertion.find('.');
  const std::size_t second = assertion.rfind('.');
  const auto header = decode_part(assertion.substr(0, first));
  EXPECT_EQ(header.at("alg"), "PS256");
  EXPECT_EQ(header.at("typ"), "JWT");
  EXPECT_EQ(policy::decode_base64url(header.at("x5t#S256").as_string()).value(),
            tests::certificate_digest(identity_.certificate));
  const auto claims = decode_part(assertion.substr(first + 1, second - first - 1));
  EXPECT_EQ(claims.at("aud"), "https://login.example/t/oauth2/v2.0/token");
  EXPECT_EQ(claims.at("iss"), "client");
  EXPECT_EQ(claims.at("sub"), "client");
  EXPECT_EQ(claims.at("jti"), "id-1");
  EXPECT_EQ(claims.at("nbf"), claims.at("iat"));
  EXPECT_EQ(claims.at("exp").as_int64() - claims.at("nbf").as_int64(), 600);
  EXPECT_EQ(assertion.find_first_of("+/="), std::string::npos);
  EXPECT_TRUE(tests::verifies_pss(identity_.certificate,
                                  assertion.substr(0, second),
                                  policy::decode_base64url(assertion.substr(second + 1)).value()));
}

TEST_F(ClientAssertionTest, TakesTheCertificateOfTheKeyFromAChain) {
  const Identity authority = make_identity({.common_name = "authority", .is_authority = true});
  EXPECT_TRUE(make(write(authority.certificate + identity_.both())).has_value());
}

TEST_F(ClientAssertionTest, SaysWhatIsWrongWithTheFile) {
  expect_refused("nothing", "no private key");
  expect_refused(identity_.certificate, "no private key");
  expect_refused(identity_.key, "no certificate");
  expect_refused(identity_.key + make_identity({}).certificate, "does not fit");
  expect_refused(make_identity({.key = tests::KeyKind::kEllipticCurve}).both(), "not RSA");
  expect_refused(tests::encrypt_key(identity_) + identity_.certificate, "is encrypted");
}

TEST_F(ClientAssertionTest, RefusesACertificateOutsideItsTime) {
  using std::chrono::hours;
  expect_refused(make_identity({.begins = hours{-48}, .ends = hours{-24}}).both(), "expired on 20");
  expect_refused(make_identity({.begins = hours{24}, .ends = hours{48}}).both(),
                 "not valid before 20");
}

TEST_F(ClientAssertionTest, RefusesAKeyThatOthersMayRead) {
  const auto made = make(write(identity_.both(), fs::perms::owner_read | fs::perms::group_read));
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, ErrorCode::kDenied);
  EXPECT_NE(made.error().message.find("chmod 0600 "), std::string::npos);
}

TEST_F(ClientAssertionTest, TakesACredentialThatSystemdHandsOver) {
  const fs::path path = write("word\n", fs::perms::owner_read | fs::perms::group_read);
  ASSERT_EQ(::setenv("CREDENTIALS_DIRECTORY", path.parent_path().c_str(), 1), 0);
  EXPECT_EQ(read_secret(path).value(), "word");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(read_secret(path).has_value());
}

TEST_F(ClientAssertionTest, ReadsASecretFromTheFirstLine) {
  EXPECT_EQ(read_secret(write("word\r\nmore\n")).value(), "word");
  EXPECT_EQ(read_secret(write("word")).value(), "word");
  EXPECT_EQ(read_secret(write("\nword\n")).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(read_secret(folder_.path() / "missing").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_secret(folder_.path()).error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace directory
