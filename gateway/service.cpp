// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/service.h"

#include "gateway/detections/detection_writer.h"
#include "gateway/file_watch.h"
#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/successor.h"
#include "gateway/milter/listening_socket.h"
#include "gateway/service_manager.h"
#include "gateway/settings.h"
#include "gateway/signals.h"
#include "policy/detection_record/detection_record.h"
#include "policy/event.h"
#include "policy/exit_status.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <latch>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): pthread_kill is POSIX
#include <sys/poll.h>

namespace gateway {
namespace {

using policy::EventId;
using policy::ExitStatus;

// A new generation is used within two seconds, however it got there.
constexpr auto kPollInterval = std::chrono::seconds{1};
constexpr auto kDrainStep = std::chrono::milliseconds{20};
// libmilter sends the last reply after our callback has returned. Steps and not time: on a machine
// that is busy elsewhere, all of the time may pass between two looks.
constexpr unsigned kQuietSteps = 5;
// To read the configuration and check the generation in force, of the largest directories too.
constexpr auto kMostTimeToGetReady = std::chrono::minutes{2};

}  // namespace

Service::Service(const Parts& parts, ListeningSocket& socket)
    : parts_(parts),
      socket_(socket),
      server_(socket, parts.settings.session, parts.host, parts.log, parts.settings.connections) {}

ExitStatus Service::serve() {
  if (const auto prepared = server_.prepare(); !prepared.has_value()) {
    parts_.log.write(EventId::kListenFailed,
                     {{.key = "error", .value = std::string_view{prepared.error().message}}});
    return ExitStatus::kUnavailable;
  }
  policy::Result<void> served;
  std::latch listens_to_signals{1};
  // It inherits that signals are kept from it, and waits until they are not kept from this thread:
  // whoever asked to stop before would be heard by libmilter alone, which ends late and not in
  // order.
  std::thread serving{[&served, &listens_to_signals, this, main_thread = ::pthread_self()] {
    listens_to_signals.wait();
    served = server_.run();
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): the main thread takes it as a stop.
    ::pthread_kill(main_thread, SIGTERM);
  }};
  parts_.signals.let_through();
  listens_to_signals.count_down();
  const std::string listen = parts_.settings.listen.text();
  parts_.log.write(EventId::kStarted,
                   {{.key = "version", .value = std::string_view{FROMGUARD_VERSION}},
                    {.key = "listen", .value = std::string_view{listen}}});
  service_manager::tell_ready(parts_.refresher.status());

  if (watch() == End::kHandOver) {
    hand_over();
    wait_for_last_sessions();
  } else {
    service_manager::tell_stopping();
    parts_.successor.reset();
    if (const auto stopped = socket_.stop_accepting(); !stopped.has_value()) {
      parts_.log.write(EventId::kInternalError,
                       {{.key = "error", .value = std::string_view{stopped.error().message}}});
    }
  }
  drain();
  serving.join();
  socket_.forget_descriptor();
  parts_.log.write(EventId::kStopped, {});
  return served.has_value() ? ExitStatus::kDone : ExitStatus::kInternal;
}

Service::End Service::watch() {
  const FileWatch changes;
  Signals::Taken due;
  std::optional<End> end;
  while (!end.has_value()) {
    end = look_after_come_what_may(changes, due);
  }
  return *end;
}

std::optional<Service::End> Service::look_after_come_what_may(const FileWatch& changes,
                                                              Signals::Taken& due) {
  try {
    return look_after(changes, due);
  } catch (const std::bad_alloc&) {
    // Sessions go on with what is in force. Nothing is told of it, since that takes memory too.
    std::this_thread::sleep_for(kDrainStep);
    return std::nullopt;
  }
}

std::optional<Service::End> Service::look_after(const FileWatch& changes, Signals::Taken& due) {
  wait_for_something(changes);
  const Signals::Taken taken = parts_.signals.take();
  if (taken.stop) {
    return End::kStop;
  }
  due.reload = due.reload || taken.reload;
  due.hand_over = due.hand_over || taken.hand_over;
  refresh(std::exchange(due.reload, false));
  parts_.metrics.set_connections(server_.connections());
  if (std::exchange(due.hand_over, false) && parts_.successor == nullptr) {
    start_successor();
  }
  if (is_successor_ready()) {
    return End::kHandOver;
  }
  tell_status();
  service_manager::tell_alive();
  return std::nullopt;
}

void Service::refresh(bool even_if_unchanged) {
  parts_.refresher.refresh_policy(even_if_unchanged);
  parts_.refresher.refresh_outbound_tenants(even_if_unchanged);
  parts_.refresher.refresh_snapshot();
}

void Service::tell_status() {
  std::string status = parts_.refresher.status();
  if (parts_.successor == nullptr && status != status_) {
    status_ = std::move(status);
    service_manager::tell_status(status_);
  }
}

void Service::wait_for_something(const FileWatch& changes) const {
  // Added again each time: a folder may have come since.
  changes.add_folder(parts_.settings.snapshot);
  // What damages the generation that is served is told at once too.
  changes.add_folder(parts_.settings.snapshot / policy::kCurrentLinkName);
  changes.add_folder(parts_.settings.policy.parent_path());
  changes.add_folder(parts_.settings.outbound_tenants.parent_path());
  const int successor = parts_.successor != nullptr ? parts_.successor->descriptor() : -1;
  std::array<pollfd, 3> waiting{
      pollfd{.fd = parts_.signals.descriptor(), .events = POLLIN, .revents = 0},
      pollfd{.fd = changes.descriptor(), .events = POLLIN, .revents = 0},
      pollfd{.fd = successor, .events = POLLIN, .revents = 0}};
  server_.relieve();
  constexpr int kTimeout = static_cast<int>(std::chrono::milliseconds{kPollInterval}.count());
  ::poll(waiting.data(), waiting.size(), kTimeout);
  if (changes.descriptor() >= 0) {
    changes.drain();
  }
}

void Service::start_successor() {
  service_manager::tell_reloading();
  const auto& metrics_server = parts_.metrics_server;
  const Inheritance inheritance{
      .channel = -1,
      .milter = socket_.descriptor(),
      .metrics = metrics_server != nullptr ? metrics_server->descriptor() : -1,
      .is_lent = socket_.is_lent(),
      .has_snapshot = parts_.refresher.has_snapshot()};
  auto started = Successor::start(parts_.started_as, inheritance, kMostTimeToGetReady);
  if (started.has_value()) {
    parts_.successor = *std::move(started);
  } else {
    give_up_successor(started.error().message);
  }
}

bool Service::is_successor_ready() {
  if (parts_.successor == nullptr) {
    return false;
  }
  const Successor::State state = parts_.successor->look();
  if (state == Successor::State::kGone) {
    give_up_successor("the new process did not get ready");
  }
  return state == Successor::State::kReady;
}

void Service::give_up_successor(std::string_view why) {
  parts_.successor.reset();
  parts_.log.write(EventId::kHandOverFailed, {{.key = "error", .value = why}});
  service_manager::tell_ready(parts_.refresher.status());
}

// In this order: nothing is open twice, and whoever connects meanwhile waits for the successor.
void Service::give_turn() {
  if (const auto left = socket_.leave_to_successor(); !left.has_value()) {
    parts_.log.write(EventId::kInternalError,
                     {{.key = "error", .value = std::string_view{left.error().message}}});
  }
  service_manager::tell_main_process(parts_.successor->pid());
  parts_.successor->give_turn();
}

void Service::hand_over() {
  Successor* const successor = parts_.successor.get();
  if (parts_.detections != nullptr) {
    // This process serves on as long as the database takes to close.
    const auto pass_on = [successor](const policy::DetectionRecord& record) {
      return successor->pass_on(policy::encode_detection(record));
    };
    parts_.detections->leave_to([this] { give_turn(); }, pass_on);
  } else {
    give_turn();
  }
  parts_.metrics_server.reset();
  parts_.log.write(EventId::kHandedOver,
                   {{.key = "to", .value = std::int64_t{successor->pid()}},
                    {.key = "connections", .value = std::uint64_t{server_.connections()}}});
}

// Sessions go on here as their clients like; new ones are the successor's.
void Service::wait_for_last_sessions() {
  const auto deadline = std::chrono::steady_clock::now() + parts_.settings.hand_over;
  const auto has_some = [this] {
    return server_.connections() > 0 ||
           (parts_.predecessor != nullptr && !parts_.predecessor->is_gone());
  };
  auto next_refresh = std::chrono::steady_clock::now();
  for (auto now = next_refresh; has_some() && now < deadline && parts_.successor->wants_more() &&
                                !parts_.signals.take().stop;
       now = std::chrono::steady_clock::now()) {
    if (now >= next_refresh) {
      refresh(false);
      next_refresh = now + kPollInterval;
    }
    server_.relieve();
    std::this_thread::sleep_for(kDrainStep);
  }
}

void Service::drain() {
  parts_.log.write(
      EventId::kStopping,
      {{.key = "messages_in_flight", .value = std::uint64_t{server_.messages_in_flight()}}});
  if (parts_.predecessor != nullptr) {
    parts_.predecessor->let_go();
  }
  const auto deadline = std::chrono::steady_clock::now() + parts_.settings.drain;
  unsigned quiet_steps = 0;
  while (quiet_steps < kQuietSteps && std::chrono::steady_clock::now() < deadline) {
    quiet_steps = server_.messages_in_flight() > 0 ? 0 : quiet_steps + 1;
    server_.relieve();
    std::this_thread::sleep_for(kDrainStep);
  }
  server_.stop();
}

}  // namespace gateway
