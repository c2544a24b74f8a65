// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/gateway/milter/running_server.h"

#include "gateway/milter/listening_socket.h"
#include "policy/networks.h"
#include "tests/support/milter_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace gateway {
namespace {

// GoogleTest owns it and tears it down while the process is still whole.
class ServerEnvironment final : public ::testing::Environment {
 public:
  void TearDown() override { server_.reset(); }

  RunningServer& server() {
    if (server_ == nullptr) {
      server_ = std::make_unique<RunningServer>();
    }
    return *server_;
  }

 private:
  std::unique_ptr<RunningServer> server_;
};

}  // namespace

RunningServer& RunningServer::of_process() {
  static auto* const kEnvironment = new ServerEnvironment;
  static const bool kIsAdded = ::testing::AddGlobalTestEnvironment(kEnvironment) != nullptr;
  static_cast<void>(kIsAdded);
  return kEnvironment->server();
}

RunningServer::RunningServer() : socket_(ListeningSocket::open(address_, "").value()) {
  settings_.trusted_networks = policy::Networks::parse({"10.0.0.0/8", "2001:db8::/32"}).value();
  if (const auto prepared = server_.prepare(); !prepared.has_value()) {
    throw std::runtime_error{prepared.error().message};
  }
  thread_ = std::thread{[this] { static_cast<void>(server_.run()); }};
}

RunningServer::~RunningServer() {
  static_cast<void>(socket_.stop_accepting());
  server_.stop();
  thread_.join();
  socket_.forget_descriptor();
}

tests::MilterClient RunningServer::connect() const {
  return tests::MilterClient::open(address_.text()).value();
}

bool RunningServer::becomes_idle() const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (server_.connections() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  return server_.connections() == 0 && server_.messages_in_flight() == 0;
}

}  // namespace gateway
