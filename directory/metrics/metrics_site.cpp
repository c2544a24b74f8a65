// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/metrics/metrics_site.h"

#include "directory/http/server.h"
#include "directory/metrics/metrics_text.h"
#include "directory/task.h"

#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

constexpr unsigned kFound = 200;
constexpr unsigned kNotFound = 404;
constexpr unsigned kNotAllowed = 405;

ServedResponse text_response(unsigned status, std::string body) {
  ServedResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                      {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

ServedResponse respond(const MetricsSources& sources, const ServedRequest& request) {
  const std::string_view path = request.path;
  if (request.method != "GET" && request.method != "HEAD") {
    ServedResponse refused = text_response(kNotAllowed, "use GET\n");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  if (path == "/metrics") {
    return text_response(kFound, metrics_text(sources));
  }
  if (path == "/healthz" || path == "/readyz") {
    return text_response(kFound, "ok\n");
  }
  return text_response(kNotFound, "there are /metrics, /healthz and /readyz\n");
}

Task<ServedResponse> serve(MetricsSources sources, ServedRequest request) {
  co_return respond(sources, request);
}

}  // namespace

HttpHandler make_metrics_handler(const MetricsSources& sources) {
  return [sources](ServedRequest request) { return serve(sources, std::move(request)); };
}

}  // namespace directory
