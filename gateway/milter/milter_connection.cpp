// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/milter_connection.h"

#include "gateway/milter/milter_server.h"
#include "gateway/session/verdict.h"
#include "policy/event.h"

#include <libmilter/mfdef.h>

#include <exception>
#include <string>
#include <string_view>

namespace gateway {

MilterConnection::MilterConnection(MilterServer& server, unsigned long protocol_steps)
    : server_(server),
      protocol_steps_(protocol_steps),
      session_(server.settings_, server.host_),
      is_over_limit_(++server.connections_ > server.most_connections_) {
  if (is_over_limit_) {
    server_.host_.count_limit("connections");
  }
}

MilterConnection::~MilterConnection() {
  message_ends();
  --server_.connections_;
}

void MilterConnection::on_header(std::string_view name, std::string_view value) {
  if (has_step(SMFIP_HDR_LEADSPC)) {
    session_.on_header(name, value);
  } else {
    session_.on_header(name, ' ' + std::string{value});
  }
}

void MilterConnection::message_begins() {
  if (!is_in_message_) {
    is_in_message_ = true;
    ++server_.messages_in_flight_;
  }
  if (is_over_limit_) {
    session_.degrade(Degradation::kConnections);
  }
}

void MilterConnection::message_ends() {
  if (is_in_message_) {
    is_in_message_ = false;
    --server_.messages_in_flight_;
  }
}

void MilterConnection::fail(const std::exception& error) noexcept {
  session_.degrade(Degradation::kInternalError);
  try {
    server_.log_.write(policy::EventId::kInternalError,
                       {{.key = "error", .value = std::string_view{error.what()}}});
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Where memory is short, a line takes what there is not; the message is counted as degraded.
  }
}

}  // namespace gateway
