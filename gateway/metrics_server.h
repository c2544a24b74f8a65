// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/socket_address.h"
#include "policy/result.h"

#include <functional>
#include <memory>
#include <string>

namespace gateway {

/// What the metrics server serves; called on its thread.
struct MetricsPages {
  std::function<std::string()> metrics;  ///< Prometheus' text format

  /// Empty if the gateway can judge messages; else why not, one sentence.
  std::function<std::string()> why_not_ready;
};

/// Serves `/metrics`, `/healthz` and `/readyz` over HTTP on a thread of its own. Requests are
/// bounded in size (8 KiB header, no body) and time (10 s), connections in number.
class MetricsServer {
 public:
  /// Binds the address; `kBusy` if somebody else listens there. `inherited` is a socket that may
  /// listen there already (negative: none); it is taken if so, and closed if not.
  [[nodiscard]] static policy::Result<std::unique_ptr<MetricsServer>> start(
      const policy::SocketAddress& address, MetricsPages pages, int inherited = -1);

  /// The listening socket, for a successor to inherit.
  [[nodiscard]] int descriptor() const;

  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  MetricsServer(MetricsServer&&) = delete;
  MetricsServer& operator=(MetricsServer&&) = delete;

  /// Ends all connections and joins the thread.
  ~MetricsServer();

 private:
  struct Server;

  explicit MetricsServer(std::unique_ptr<Server> server);

  std::unique_ptr<Server> server_;
};

}  // namespace gateway
