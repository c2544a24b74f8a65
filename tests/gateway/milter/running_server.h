// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/milter/listening_socket.h"
#include "gateway/milter/milter_server.h"
#include "gateway/session/session.h"
#include "gateway/settings.h"
#include "policy/event.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/milter_client.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

namespace gateway {

/// A milter server on a Unix socket, on a thread of its own. libmilter keeps its state in the
/// process and cannot be started twice, so a process has one of these.
class RunningServer {
 public:
  static constexpr std::size_t kMostConnections = 8;

  /// Started by the first test that asks, stopped after the last test.
  [[nodiscard]] static RunningServer& of_process();

  RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  RunningServer(RunningServer&&) = delete;
  RunningServer& operator=(RunningServer&&) = delete;
  ~RunningServer();

  [[nodiscard]] RecordingHost& host() { return host_; }

  [[nodiscard]] const MilterServer& server() const { return server_; }

  /// A connection that has not negotiated.
  [[nodiscard]] tests::MilterClient connect() const;

  /// Whether every connection ends within ten seconds.
  [[nodiscard]] bool becomes_idle() const;

 private:
  tests::TemporaryFolder folder_;
  ListenAddress address_{.family = ListenAddress::Family::kUnix,
                         .host = {},
                         .port = 0,
                         .path = folder_.path() / "milter.sock"};
  ListeningSocket socket_;
  SessionSettings settings_;
  RecordingHost host_{known_in_force()};
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  MilterServer server_{socket_, settings_, host_, log_, kMostConnections};
  std::thread thread_;
};

inline constexpr std::string_view kForgedAda = "Ada Lovelace <ada@freemail.example>";
/// What the gateway declines, how it wants fields, and what it does not answer.
inline constexpr std::uint32_t kStepsOfGateway =
    tests::kStepNoUnknown | tests::kStepNoData | tests::kStepLeadingSpace |
    tests::kStepSilentConnect | tests::kStepSilentHelo | tests::kStepSilentMail |
    tests::kStepSilentRcpt | tests::kStepSilentHeader;

inline tests::Message message_from(std::string_view from) {
  return {.sender = "<sender@client.example>",
          .recipients = {"<desk@contoso.com>"},
          .headers = {{"From", std::string{from}}, {"Subject", "Hello"}},
          .body = "Hello.\r\n"};
}

inline tests::Message forged_message() {
  return message_from(kForgedAda);
}

inline tests::Message innocent_message() {
  return message_from("Grace Hopper <grace@navy.example>");
}

/// Tests of the server of this process, each begun and left without connections.
class MilterServerTest : public ::testing::Test {
 protected:
  static RunningServer& running() { return RunningServer::of_process(); }

  void SetUp() override {
    put_in_force(kEnforcing);
    static_cast<void>(host().take_reports());
  }

  void TearDown() override { EXPECT_TRUE(running().becomes_idle()); }

  static RecordingHost& host() { return running().host(); }

  static void put_in_force(std::string_view policy) { host().put_in_force(known_in_force(policy)); }

  // A connection that has negotiated as Postfix does and told of its client.
  static tests::MilterClient connected(const tests::SmtpClient& smtp = {}) {
    tests::MilterClient client = running().connect();
    EXPECT_TRUE(client.negotiate().has_value());
    client.define_macro("i", "4ZkQ");
    EXPECT_TRUE(client.connect(smtp).has_value());
    return client;
  }

  // The answer to one message on a connection of its own.
  static tests::Reply delivered(const tests::Message& message) {
    tests::MilterClient client = connected();
    return client.deliver(message).value();
  }
};

}  // namespace gateway
