// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/throttling.h"

#include "tests/support/microsoft/faults.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

Response throttled(World& world) {
  const Throttle::Settings& settings = world.throttle.settings();
  const bool is_throttling = settings.status == 429;
  Response response =
      graph_failure(world,
                    {.status = settings.status,
                     .code = is_throttling ? "TooManyRequests" : "ServiceUnavailable",
                     .message = "Please retry again later.",
                     .inner_code = is_throttling ? "429" : ""});
  if (settings.retry_after.has_value()) {
    response.headers.emplace_back("Retry-After", *settings.retry_after);
  }
  return response;
}

}  // namespace tests::microsoft
