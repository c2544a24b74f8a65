// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/detections/detection_writer.h"
#include "gateway/file_watch.h"
#include "gateway/gateway_host.h"
#include "gateway/hand_over/predecessor.h"
#include "gateway/hand_over/successor.h"
#include "gateway/metrics.h"
#include "gateway/metrics_server.h"
#include "gateway/milter/listening_socket.h"
#include "gateway/milter/milter_server.h"
#include "gateway/refresher.h"
#include "gateway/settings.h"
#include "gateway/signals.h"
#include "policy/event.h"
#include "policy/exit_status.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Serves MTAs until a signal says that it is enough, or another process takes over. Of the main
/// thread.
class Service {
 public:
  /// What it stands on; all outlives it.
  struct Parts {
    const Settings& settings;
    const StartedAs& started_as;
    const Signals& signals;
    Refresher& refresher;
    GatewayHost& host;
    DetectionWriter* detections;                     ///< null where none are kept
    std::unique_ptr<MetricsServer>& metrics_server;  ///< null for none; ended with a hand-over
    const Predecessor* predecessor;                  ///< null for none; told to come to its end
    /// Null until one is wanted. It gets the last detections after `serve`.
    std::unique_ptr<Successor>& successor;
    Metrics& metrics;
    const policy::EventLog& log;
  };

  Service(const Parts& parts, ListeningSocket& socket);

  /// Returns when every message in flight has its verdict, or its time is over.
  [[nodiscard]] policy::ExitStatus serve();

 private:
  enum class End { kStop, kHandOver };

  // Waits for signals and changes.
  [[nodiscard]] End watch();
  // Waits for something to do and does it. `due` is what signals have asked for and is not done
  // yet.
  [[nodiscard]] std::optional<End> look_after(const FileWatch& changes, Signals::Taken& due);
  // The same, and where there is no memory for it nothing, to be tried again.
  [[nodiscard]] std::optional<End> look_after_come_what_may(const FileWatch& changes,
                                                            Signals::Taken& due);
  void wait_for_something(const FileWatch& changes) const;
  void start_successor();
  [[nodiscard]] bool is_successor_ready();
  void refresh(bool even_if_unchanged);
  void tell_status();
  void give_turn();
  void hand_over();
  void wait_for_last_sessions();
  void drain();
  void give_up_successor(std::string_view why);

  Parts parts_;
  ListeningSocket& socket_;
  MilterServer server_;
  std::string status_;  // as last told
};

}  // namespace gateway
