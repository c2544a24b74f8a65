// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/milter/listening_socket.h"
#include "gateway/milter/milter_server.h"
#include "gateway/session/networks.h"
#include "gateway/session/session.h"
#include "gateway/settings.h"
#include "policy/event.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/milter_client.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

namespace gateway {

/// A milter server on a Unix socket, on a thread of its own. libmilter keeps its state in the
/// process and cannot be started twice, so a process has one of these.
class RunningServer {
 public:
  static constexpr std::size_t kMostConnections = 8;

  RunningServer() {
    if (const auto prepared = server_.prepare(); !prepared.has_value()) {
      throw std::runtime_error{prepared.error().message};
    }
    thread_ = std::thread{[this] { static_cast<void>(server_.run()); }};
  }

  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  ~RunningServer() {
    static_cast<void>(socket_.stop_accepting());
    server_.stop();
    thread_.join();
    socket_.forget_descriptor();
  }

  [[nodiscard]] RecordingHost& host() { return host_; }

  [[nodiscard]] const MilterServer& server() const { return server_; }

  /// A connection that has not negotiated.
  [[nodiscard]] tests::MilterClient connect() const {
    return tests::MilterClient::open(address_.text()).value();
  }

  /// Whether every connection ends within ten seconds.
  [[nodiscard]] bool becomes_idle() const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (server_.connections() > 0 && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    return server_.connections() == 0 && server_.messages_in_flight() == 0;
  }

 private:
  static SessionSettings session_settings() {
    SessionSettings settings;
    settings.trusted_networks = Networks::parse({"10.0.0.0/8", "2001:db8::/32"}).value();
    return settings;
  }

  tests::TemporaryFolder folder_;
  ListenAddress address_{.family = ListenAddress::Family::kUnix,
                         .host = {},
                         .port = 0,
                         .path = folder_.path() / "milter.sock"};
  ListeningSocket socket_ = ListeningSocket::open(address_, "").value();
  SessionSettings settings_ = session_settings();
  RecordingHost host_{known_in_force()};
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  MilterServer server_{socket_, settings_, host_, log_, kMostConnections};
  std::thread thread_;
};

}  // namespace gateway
