// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/library_checks.h"

#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/helper/helper_process.h"
#include "gateway/authentication/spf/spf_guard.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::Result;

// A library that asks on and on has lost its way: no check within the guard's limits asks so often.
constexpr int kMostQuestionsOfLibrary = 512;
constexpr std::size_t kBodyPiece = std::size_t{64} * 1024;

std::unexpected<policy::Error> nonsense() {
  return policy::fail(policy::ErrorCode::kInvalidInput, "the helper's answer makes no sense");
}

// Content of a report of this kind, which is the next thing the helper says.
Result<std::string> receive_report(const HelperProcess& helper,
                                   HelperMessageKind kind,
                                   HelperProcess::Deadline deadline) {
  auto message = helper.receive(deadline);
  if (!message.has_value()) {
    return std::unexpected{std::move(message.error())};
  }
  if (message->kind != kind) {
    return nonsense();
  }
  return std::move(message->content);
}

Result<void> send_body_piece(const HelperProcess& helper,
                             std::string_view piece,
                             HelperProcess::Deadline deadline) {
  while (!piece.empty()) {
    const std::string_view part = piece.substr(0, kBodyPiece);
    piece.remove_prefix(part.size());
    auto sent =
        helper.send({.kind = HelperMessageKind::kBody, .content = std::string{part}}, deadline);
    if (!sent.has_value()) {
      return sent;
    }
  }
  return {};
}

Result<void> send_body(const HelperProcess& helper,
                       std::span<const std::string> body,
                       HelperProcess::Deadline deadline) {
  for (const std::string& piece : body) {
    if (auto sent = send_body_piece(helper, piece, deadline); !sent.has_value()) {
      return sent;
    }
  }
  return helper.send({.kind = HelperMessageKind::kEndOfBody, .content = {}}, deadline);
}

}  // namespace

Result<SpfResult> check_spf(const HelperProcess& helper,
                            SpfGuard& guard,
                            const policy::IpAddress& client,
                            HelperProcess::Deadline deadline) {
  if (const auto decided = guard.decided(); decided.has_value()) {
    return *decided;
  }
  auto sent = helper.send(
      {.kind = HelperMessageKind::kSpfTask, .content = encoded(SpfTask{.client = client})},
      deadline);
  for (int questions = 0; sent.has_value() && questions <= kMostQuestionsOfLibrary; ++questions) {
    const auto message = helper.receive(deadline);
    if (!message.has_value()) {
      return std::unexpected{message.error()};
    }
    if (message->kind == HelperMessageKind::kSpfReport) {
      const auto result = decode_spf_report(message->content);
      return result.has_value() ? Result<SpfResult>{guard.decided().value_or(*result)} : nonsense();
    }
    const auto question = decode_spf_question(message->content);
    if (message->kind != HelperMessageKind::kSpfQuestion || !question.has_value()) {
      return nonsense();
    }
    sent = helper.send({.kind = HelperMessageKind::kDnsReply,
                        .content = encoded(guard.answer(question->term, question->type))},
                       deadline);
  }
  return sent.has_value() ? nonsense() : std::unexpected{sent.error()};
}

Result<bool> check_dmarc(const HelperProcess& helper,
                         const DmarcTask& task,
                         HelperProcess::Deadline deadline) {
  const auto sent =
      helper.send({.kind = HelperMessageKind::kDmarcTask, .content = encoded(task)}, deadline);
  if (!sent.has_value()) {
    return std::unexpected{sent.error()};
  }
  const auto report = receive_report(helper, HelperMessageKind::kDmarcReport, deadline);
  if (!report.has_value()) {
    return std::unexpected{report.error()};
  }
  const auto passes = decode_dmarc_report(*report);
  return passes.has_value() ? Result<bool>{*passes} : nonsense();
}

Result<std::vector<DkimFacts>> verify_dkim(const HelperProcess& helper,
                                           const DkimTask& task,
                                           std::span<const std::string> body,
                                           HelperProcess::Deadline deadline) {
  auto sent =
      helper.send({.kind = HelperMessageKind::kDkimTask, .content = encoded(task)}, deadline);
  if (sent.has_value()) {
    sent = send_body(helper, body, deadline);
  }
  if (!sent.has_value()) {
    return std::unexpected{sent.error()};
  }
  const auto report = receive_report(helper, HelperMessageKind::kDkimReport, deadline);
  if (!report.has_value()) {
    return std::unexpected{report.error()};
  }
  auto facts = decode_dkim_report(*report);
  if (!facts.has_value() || facts->size() != task.signatures.size()) {
    return nonsense();
  }
  return *std::move(facts);
}

}  // namespace gateway
