// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/sandbox/dkim_library.h"
#include "gateway/authentication/sandbox/dmarc_library.h"
#include "gateway/authentication/sandbox/gateway_channel.h"
#include "gateway/authentication/sandbox/spf_library.h"
#include "policy/confinement.h"

#include <chrono>
#include <exception>
#include <utility>

namespace {

using gateway::HelperMessage;
using gateway::HelperMessageKind;

// A helper ends after some hundred checks. It speaks to the gateway alone.
constexpr policy::Confinement kConfinement{.processor_time = std::chrono::seconds{120},
                                           .sockets_over_ip = 0};

void check_spf(const HelperMessage& message) {
  const auto task = gateway::decode_spf_task(message.content);
  if (!task.has_value()) {
    gateway::leave();
  }
  gateway::send_to_gateway({.kind = HelperMessageKind::kSpfReport,
                            .content = gateway::encoded(gateway::check_spf(*task))});
}

void check_dmarc(const HelperMessage& message) {
  const auto task = gateway::decode_dmarc_task(message.content);
  if (!task.has_value()) {
    gateway::leave();
  }
  gateway::send_to_gateway(
      {.kind = HelperMessageKind::kDmarcReport,
       .content = gateway::encoded_dmarc_report(gateway::passes_dmarc(*task))});
}

void check_dkim(const HelperMessage& message) {
  auto task = gateway::decode_dkim_task(message.content);
  if (!task.has_value()) {
    gateway::leave();
  }
  gateway::DkimVerification verification{*std::move(task)};
  HelperMessage body = gateway::receive_from_gateway();
  while (body.kind == HelperMessageKind::kBody) {
    verification.add_body(body.content);
    body = gateway::receive_from_gateway();
  }
  if (body.kind != HelperMessageKind::kEndOfBody) {
    gateway::leave();
  }
  gateway::send_to_gateway(
      {.kind = HelperMessageKind::kDkimReport, .content = gateway::encoded(verification.finish())});
}

[[noreturn]] void serve() {
  while (true) {
    const HelperMessage message = gateway::receive_from_gateway();
    switch (message.kind) {
      case HelperMessageKind::kSpfTask: check_spf(message); break;
      case HelperMessageKind::kDmarcTask: check_dmarc(message); break;
      case HelperMessageKind::kDkimTask: check_dkim(message); break;
      default: gateway::leave();
    }
  }
}

}  // namespace

// Speaks with the gateway that started it, over its standard input; of no use to anybody else.
int main() {
  try {
    gateway::prepare_spf_library();
    gateway::prepare_dkim_library();
    if (!policy::confine_process(kConfinement)) {
      return 1;
    }
    gateway::send_to_gateway({.kind = HelperMessageKind::kReady, .content = {}});
    serve();
  } catch (const std::exception&) {
    gateway::leave();
  }
}
