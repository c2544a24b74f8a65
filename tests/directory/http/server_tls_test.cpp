// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/certificate_watch.h"
#include "directory/http/server.h"
#include "directory/http/tls_context.h"
#include "directory/http/tls_files.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"
#include "tests/directory/http/octet_client.h"
#include "tests/directory/http/server_fixture.h"
#include "tests/directory/http/tls_octet_client.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

#include <gtest/gtest.h>
#include <openssl/tls1.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace directory {
namespace {

namespace fs = std::filesystem;

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kAnswerEnd = "GET / ?  : ";

tests::Identity identity(std::chrono::hours ends = std::chrono::hours{24 * 90}) {
  return tests::make_identity({.common_name = "mail.contoso.com",
                               .hosts = {"127.0.0.1"},
                               .ends = ends,
                               .key = tests::KeyKind::kEllipticCurve});
}

class ServerTlsTest : public ServerFixture {
 protected:
  // Puts the pair where the server looks for it, each file whole at once.
  void install(const std::string& certificate, const std::string& key) {
    replace(files_.certificate, certificate);
    replace(files_.key, key);
  }

  void install(const tests::Identity& identity) { install(identity.certificate, identity.key); }

  void replace(const fs::path& path, const std::string& text) const {
    const fs::path beside = folder_.path() / "new.pem";
    tests::write_file(beside, text);
    fs::permissions(beside, fs::perms::owner_read | fs::perms::owner_write);
    fs::rename(beside, path);
  }

  std::string serve_tls(HttpHandler handler = echo, HttpLimits limits = {}) {
    return serve(std::move(handler), limits, files_);
  }

  policy::Result<CertificateFacts> reload() {
    std::optional<policy::Result<CertificateFacts>> result;
    on_loop([&] { result = server_->reload_certificate(); });
    return *std::move(result);
  }

  // Why the server does not start with what is installed.
  policy::Error refusal() {
    const auto refused = HttpServer::listen(
        io_.get_executor(), {.host = "127.0.0.1", .port = 0, .tls = files_}, echo);
    EXPECT_FALSE(refused.has_value());
    return refused.has_value() ? policy::Error{} : refused.error();
  }

  tests::Identity first_ = identity();
  TlsFiles files_{.certificate = folder_.path() / "chain.pem", .key = folder_.path() / "key.pem"};
};

TEST_F(ServerTlsTest, SpeaksTls12And13AndNothingOlder) {
  install(first_);
  const std::string address = serve_tls();
  for (const auto& [version, name] :
       {std::pair{TLS1_3_VERSION, "TLSv1.3"}, {TLS1_2_VERSION, "TLSv1.2"}}) {
    const TlsOctetClient client{address, {.most_version = version}};
    ASSERT_TRUE(client.is_agreed()) << name;
    EXPECT_EQ(client.version(), name);
    client.send(kGet);
    const std::string answer = client.read_until(kAnswerEnd);
    EXPECT_NE(answer.find("\r\nStrict-Transport-Security: max-age=31536000\r\n"),
              std::string::npos);
    client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.read_all().ends_with(kAnswerEnd));
    EXPECT_TRUE(client.ended_properly());
  }
  EXPECT_FALSE((TlsOctetClient{address, {.most_version = TLS1_1_VERSION}}.is_agreed()));
  EXPECT_FALSE((TlsOctetClient{address, {.most_version = TLS1_VERSION}}.is_agreed()));
  const TlsOffer no_secrecy{
      .most_version = TLS1_2_VERSION, .protocols = "", .ciphers = "AES128-GCM-SHA256:AES256-SHA"};
  EXPECT_FALSE((TlsOctetClient{address, no_secrecy}.is_agreed()));
}

TEST_F(ServerTlsTest, ChoosesHttp11AndRefusesAClientThatOffersItNot) {
  install(first_);
  const std::string address = serve_tls();
  const TlsOctetClient both{address, {.protocols = "\x02h2\x08http/1.1"}};
  EXPECT_TRUE(both.is_agreed());
  EXPECT_EQ(both.protocol(), "http/1.1");
  EXPECT_FALSE((TlsOctetClient{address, {.protocols = "\x02h2"}}.is_agreed()));
  EXPECT_TRUE((TlsOctetClient{address, {}}.is_agreed()));
}

TEST_F(ServerTlsTest, RenegotiatesNot) {
  install(first_);
  const TlsOctetClient client{serve_tls(), {.most_version = TLS1_2_VERSION}};
  ASSERT_TRUE(client.is_agreed());
  EXPECT_FALSE(client.renegotiate());
}

TEST_F(ServerTlsTest, TellsTheHandlerThatTheClientComesByTls) {
  install(first_);
  const auto who = [](ServedRequest request) -> Task<ServedResponse> {
    ServedResponse response;
    response.body = request.client_address + (request.is_tls ? " tls." : " clear.");
    response.headers = {{"Strict-Transport-Security", "max-age=0"}};
    co_return response;
  };
  const TlsOctetClient client{serve_tls(who)};
  client.send(kGet);
  const std::string answer = client.read_until("\r\n\r\n127.0.0.1 tls.");
  EXPECT_TRUE(answer.ends_with("\r\n\r\n127.0.0.1 tls.")) << answer;
  EXPECT_EQ(answer.find("max-age=0"), std::string::npos);
}

TEST_F(ServerTlsTest, AnswersHttpInClearInClearAndClosesOtherNonsense) {
  install(first_);
  const std::string address = serve_tls();
  const OctetClient clear{address};
  clear.send(kGet);
  const std::string answer = clear.read_all();
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 400");
  EXPECT_NE(answer.find("use https"), std::string::npos);
  EXPECT_EQ(answer.find("Strict-Transport"), std::string::npos);
  const OctetClient nonsense{address};
  nonsense.send("\x01\x02\x03\x04\x05\x06\x07\x08\x09");
  EXPECT_EQ(nonsense.read_all().find("HTTP"), std::string::npos);
}

TEST_F(ServerTlsTest, AHandshakeThatIsNotEndedInTimeIsCut) {
  install(first_);
  HttpLimits limits;
  limits.handshake = std::chrono::milliseconds{50};
  limits.idle = std::chrono::hours{1};
  const OctetClient client{serve_tls(echo, limits)};
  client.send("\x16\x03\x01");
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerTlsTest, HalfDoneHandshakesMakeRoom) {
  install(first_);
  HttpLimits limits;
  limits.connections = 10;
  const std::string address = serve_tls(echo, limits);
  std::vector<std::unique_ptr<OctetClient>> half_open;
  for (int i = 0; i < 100; ++i) {
    half_open.push_back(std::make_unique<OctetClient>(address));
    half_open.back()->send("\x16\x03\x01");
  }
  const TlsOctetClient client{address};
  client.send(kGet);
  EXPECT_TRUE(client.read_until(kAnswerEnd).ends_with(kAnswerEnd));
}

TEST_F(ServerTlsTest, TakesANewCertificateWithoutLosingARequest) {
  install(first_);
  const std::string address = serve_tls();
  const TlsOctetClient old{address};
  ASSERT_EQ(old.certificate_digest(), tests::certificate_digest(first_.certificate));
  std::atomic<bool> is_over = false;
  std::atomic<int> served = 0;
  std::atomic<int> lost = 0;
  std::thread traffic{[&] {
    while (!is_over) {
      const TlsOctetClient client{address};
      client.send(kGet);
      ++(client.read_until(kAnswerEnd).ends_with(kAnswerEnd) ? served : lost);
    }
  }};
  tests::Identity last;
  for (int i = 0; i < 5; ++i) {
    last = identity();
    install(last);
    EXPECT_TRUE(reload().has_value());
    const int before = served;
    EXPECT_TRUE(becomes_true([&] { return served > before; }));
  }
  is_over = true;
  traffic.join();
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(TlsOctetClient{address}.certificate_digest(),
            tests::certificate_digest(last.certificate));
  old.send(kGet);
  EXPECT_TRUE(old.read_until(kAnswerEnd).ends_with(kAnswerEnd));
}

TEST_F(ServerTlsTest, ABadPairLeavesTheOldOneInForceAndSaysWhy) {
  install(first_);
  const std::string address = serve_tls();
  const tests::Identity other = identity();
  const std::vector<std::pair<std::string, std::string>> bad{{other.certificate, first_.key},
                                                             {"nothing", other.key},
                                                             {other.certificate, "nothing"},
                                                             {other.certificate, ""}};
  for (const auto& [certificate, key] : bad) {
    install(certificate, key);
    const auto reloaded = reload();
    ASSERT_FALSE(reloaded.has_value());
    EXPECT_EQ(reloaded.error().code, policy::ErrorCode::kInvalidInput);
    EXPECT_EQ(TlsOctetClient{address}.certificate_digest(),
              tests::certificate_digest(first_.certificate));
  }
}

TEST_F(ServerTlsTest, SaysWhatIsWrongWithTheFiles) {
  EXPECT_EQ(refusal().code, policy::ErrorCode::kNotFound);
  EXPECT_NE(refusal().message.find("chain.pem"), std::string::npos);
  install(first_);
  fs::remove(files_.key);
  EXPECT_EQ(refusal().code, policy::ErrorCode::kNotFound);
  EXPECT_NE(refusal().message.find("key.pem"), std::string::npos);
  install(first_);
  fs::permissions(files_.key, fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(refusal().code, policy::ErrorCode::kDenied);
  EXPECT_NE(refusal().message.find("chmod 0600"), std::string::npos);
  install(first_.key, first_.key);
  EXPECT_NE(refusal().message.find("no certificate in PEM"), std::string::npos);
  install(first_.certificate, first_.certificate);
  EXPECT_NE(refusal().message.find("no private key in PEM"), std::string::npos);
  install(first_.certificate, tests::encrypt_key(first_));
  EXPECT_NE(refusal().message.find("is encrypted"), std::string::npos);
  install(first_.certificate, identity().key);
  EXPECT_NE(refusal().message.find("is not that of"), std::string::npos);
  fs::remove(files_.certificate);
  fs::create_directory(files_.certificate);
  EXPECT_NE(refusal().message.find("chain.pem is no ordinary file"), std::string::npos);
}

TEST_F(ServerTlsTest, WarnsOfACertificateThatClientsRefuse) {
  const auto warning = [this](std::chrono::hours begins, std::chrono::hours ends) {
    install(tests::make_identity({.common_name = "mail.contoso.com",
                                  .begins = begins,
                                  .ends = ends,
                                  .key = tests::KeyKind::kEllipticCurve}));
    const auto loaded = TlsContext::load(files_);
    return loaded.has_value() ? (*loaded)->certificate().warning : loaded.error().message;
  };
  using Hours = std::chrono::hours;
  EXPECT_NE(warning(Hours{-48}, Hours{-24}).find("has expired on"), std::string::npos);
  EXPECT_NE(warning(Hours{24}, Hours{48}).find("is not valid before"), std::string::npos);
  EXPECT_NE(warning(Hours{-1}, Hours{24}).find("expires on"), std::string::npos);
  EXPECT_EQ(warning(Hours{-1}, Hours{24 * 30}), "");
}

TEST_F(ServerTlsTest, SendsTheCertificatesOfTheAuthoritiesBetween) {
  const tests::Identity authority = tests::make_identity(
      {.common_name = "between", .is_authority = true, .key = tests::KeyKind::kEllipticCurve});
  const tests::Identity server = tests::make_identity(
      {.common_name = "mail.contoso.com", .key = tests::KeyKind::kEllipticCurve}, authority);
  install(server.certificate + authority.certificate, server.key);
  const std::string address = serve_tls();
  EXPECT_EQ((TlsOctetClient{address}.chain_length()), 2);
  EXPECT_EQ(server_->certificate()->subject, "CN=mail.contoso.com");
}

// The only piece, and then the client is waited for.
class OnePiece final : public BodyStream {
 public:
  explicit OnePiece(std::atomic<int>* cancels) : cancels_(cancels) {}

  Task<std::optional<std::string>> next() override {
    co_return std::exchange(is_given_, true) ? std::nullopt : std::optional<std::string>("piece");
  }

  void cancel() override { ++*cancels_; }

 private:
  std::atomic<int>* cancels_;
  bool is_given_ = false;
};

Task<ServedResponse> serve_piece(std::atomic<int>* cancels, ServedRequest /*request*/) {
  ServedResponse response;
  response.stream = std::make_shared<OnePiece>(cancels);
  co_return response;
}

TEST_F(ServerTlsTest, StreamsAndEndsThemProperly) {
  install(first_);
  std::atomic<int> cancels = 0;
  auto* const count = &cancels;
  const std::string address =
      serve_tls([count](ServedRequest request) { return serve_piece(count, std::move(request)); });
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsOctetClient client{address, {.most_version = version}};
    client.send(kGet);
    EXPECT_TRUE(client.read_all().ends_with("\r\n\r\n5\r\npiece\r\n0\r\n\r\n"));
    EXPECT_TRUE(client.ended_properly());
  }
  stop();
}

TEST_F(ServerTlsTest, TheWatchTakesFilesThatHaveChanged) {
  install(first_);
  const std::string address = serve_tls();
  const policy::EventLog log{policy::LogLevel::kError, policy::LogFormat::kText};
  std::unique_ptr<CertificateWatch> watch;
  on_loop([&] {
    watch = std::make_unique<CertificateWatch>(
        io_.get_executor(),
        CertificateWatch::Settings{.server = server_.get(),
                                   .log = &log,
                                   .files = files_,
                                   .interval = std::chrono::milliseconds{5}});
  });
  const auto serves = [&](const tests::Identity& expected) {
    return becomes_true([&] {
      return TlsOctetClient{address}.certificate_digest() ==
             tests::certificate_digest(expected.certificate);
    });
  };
  const tests::Identity second = identity();
  install(second);
  EXPECT_TRUE(serves(second));
  ::testing::internal::CaptureStderr();
  install("nothing", second.key);
  on_loop([&] { watch->reload(); });
  EXPECT_TRUE(serves(second));
  const tests::Identity third = identity();
  install(third);
  EXPECT_TRUE(serves(third));
  on_loop([&] { watch.reset(); });
  const std::string logged = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(logged.find("certificate_refused"), std::string::npos) << logged;
}

}  // namespace
}  // namespace directory
