// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/simulator.h"

#include "policy/result.h"
#include "tests/support/microsoft/test_certificate.h"
#include "tests/support/stream_socket.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/types.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

namespace tests {
namespace {

// Everything the server sends until it closes the connection, and how that ended.
struct Received {
  std::string text;
  int error = 0;
};

std::string request_text(std::string_view target) {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
}

Received get(const MicrosoftSimulator& simulator, std::string_view target) {
  const auto address =
      parse_milter_address("inet:" + std::to_string(simulator.port()) + "@127.0.0.1").value();
  const Descriptor stream = open_stream(address, false).value();
  EXPECT_EQ(::connect(stream.get(), address.get(), address.size), 0);
  const std::string request = request_text(target);
  EXPECT_EQ(::write(stream.get(), request.data(), request.size()),
            static_cast<ssize_t>(request.size()));
  Received received;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t size = ::read(stream.get(), piece.data(), piece.size());
    if (size <= 0) {
      received.error = size < 0 ? errno : 0;
      return received;
    }
    received.text.append(piece.data(), static_cast<std::size_t>(size));
  }
}

std::unique_ptr<MicrosoftSimulator> start(const MicrosoftSimulator::Settings& settings) {
  auto simulator = MicrosoftSimulator::start(settings);
  EXPECT_TRUE(simulator.has_value()) << simulator.error().message;
  return std::move(*simulator);
}

void set_fault(MicrosoftSimulator& simulator, const std::string& kind) {
  const auto done = simulator.control(
      "POST", "/control/faults", R"({"path": "/v1.0/domains", "kind": ")" + kind + R"("})");
  ASSERT_TRUE(done.has_value()) << done.error().message;
}

TEST(MicrosoftSimulatorOnTheWire, AnswersOnItsPort) {
  const auto simulator = start({});
  const Received received = get(*simulator, "/v1.0/domains");
  EXPECT_TRUE(received.text.starts_with("HTTP/1.1 401 Unauthorized\r\n")) << received.text;
  EXPECT_NE(received.text.find("InvalidAuthenticationToken"), std::string::npos);
  EXPECT_EQ(simulator->requests("graph GET /v1.0/domains"), 1U);
  EXPECT_EQ(simulator->requests_to_exchange(), 0U);
}

TEST(MicrosoftSimulatorOnTheWire, ConnectionsAreResetWhenAskedFor) {
  const auto simulator = start({});
  set_fault(*simulator, "reset_before");
  const Received nothing = get(*simulator, "/v1.0/domains");
  EXPECT_TRUE(nothing.text.empty());
  EXPECT_EQ(nothing.error, ECONNRESET);
  set_fault(*simulator, "reset_in_body");
  EXPECT_EQ(get(*simulator, "/v1.0/domains").error, ECONNRESET);
}

TEST(MicrosoftSimulatorOnTheWire, ASlowBodyComesWhole) {
  const auto simulator = start({});
  const std::string usual = get(*simulator, "/v1.0/domains").text;
  set_fault(*simulator, "slow_body");
  EXPECT_EQ(get(*simulator, "/v1.0/domains").text.size(), usual.size());
}

TEST(MicrosoftSimulatorOnTheWire, ALateAnswerComesWhole) {
  const auto simulator = start({});
  const std::string usual = get(*simulator, "/v1.0/domains").text;
  set_fault(*simulator, "slow");
  EXPECT_EQ(get(*simulator, "/v1.0/domains").text.size(), usual.size());
}

TEST(MicrosoftSimulatorOnTheWire, APortInUseIsSaid) {
  const auto simulator = start({});
  MicrosoftSimulator::Settings settings;
  settings.graph_port = simulator->port();
  const auto second = MicrosoftSimulator::start(settings);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, policy::ErrorCode::kBusy);
}

TEST(MicrosoftSimulatorOnTheWire, SpeaksTlsWithACertificate) {
  const TemporaryFolder folder;
  const auto certificate = folder.path() / "certificate.pem";
  const auto key = folder.path() / "key.pem";
  std::ofstream{certificate} << microsoft::test_certificate().pem();
  std::ofstream{key} << microsoft::test_certificate().key_pem();
  MicrosoftSimulator::Settings settings;
  settings.certificate = certificate;
  settings.key = key;
  const auto simulator = start(settings);
  EXPECT_TRUE(simulator->graph().starts_with("https://127.0.0.1:"));
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free};
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> stream{BIO_new_ssl_connect(context.get()),
                                                             &BIO_free_all};
  std::string address = "127.0.0.1:" + std::to_string(simulator->port());
  BIO_ctrl(stream.get(), BIO_C_SET_CONNECT, 0, address.data());
  const std::string request = request_text("/v1.0/domains");
  ASSERT_EQ(BIO_write(stream.get(), request.data(), static_cast<int>(request.size())),
            static_cast<int>(request.size()));
  std::array<char, 4096> answer{};
  const int size = BIO_read(stream.get(), answer.data(), answer.size());
  ASSERT_GT(size, 0);
  const std::string_view text{answer.data(), static_cast<std::size_t>(size)};
  EXPECT_TRUE(text.starts_with("HTTP/1.1 401 "));
}

}  // namespace
}  // namespace tests
