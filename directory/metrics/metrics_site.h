// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"
#include "directory/metrics/metrics_text.h"

namespace directory {

/// Serves GET of /metrics for Prometheus, and /healthz and /readyz, which say that the daemon runs
/// and has its state.
[[nodiscard]] HttpHandler make_metrics_handler(const MetricsSources& sources);

}  // namespace directory
