// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/explain.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authenticator.h"
#include "gateway/authentication/dns/stub_resolver.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "gateway/tools/judged_message.h"
#include "gateway/tools/live_authentication.h"
#include "gateway/tools/verdict_json.h"
#include "policy/exit_status.h"
#include "policy/name/match.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <iostream>
#include <istream>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using policy::ExitStatus;

constexpr std::size_t kMaximumHeaderOctets = std::size_t{64} * 1024 * 1024;

// Reads up to the end of the header.
policy::Result<std::string> read_header(std::istream& input) {
  std::string header;
  std::string line;
  while (std::getline(input, line)) {
    if (line.empty() || line == "\r") {
      break;
    }
    header += line;
    header += '\n';
    if (header.size() > kMaximumHeaderOctets) {
      return policy::fail(policy::ErrorCode::kInvalidInput,
                          "the header is longer than 64 MiB; is this a message?");
    }
  }
  return header;
}

// What follows the header; more than `most` octets are read by one, so that it is known.
std::string read_body(std::istream& input, std::size_t most) {
  std::string body;
  constexpr std::size_t kPieceOctets = std::size_t{64} * 1024;
  while (input && body.size() <= most) {
    const std::size_t before = body.size();
    body.resize(before + std::min(kPieceOctets, most + 1 - before));
    input.read(body.data() + before, static_cast<std::streamsize>(body.size() - before));
    body.resize(before + static_cast<std::size_t>(input.gcount()));
  }
  return body;
}

// Authentication as the message's network would see it, or the error that kept it from being asked.
class LiveAnswer {
 public:
  LiveAnswer(const ToldMessage& told,
             std::istream& input,
             const DnsSettings& dns,
             policy::Explanation& explanation)
      : told_(told), input_(input), dns_(dns), explanation_(explanation) {}

  AuthenticationOutcome operator()(const AuthenticationNeed& need) {
    AuthenticationSettings settings;
    settings.dns = dns_;
    const std::string body = read_body(input_, settings.body_octets);
    auto outcome = authenticate_live(told_, body, need, std::move(settings), explanation_);
    if (!outcome.has_value()) {
      error_ = std::move(outcome.error());
      return {};
    }
    return *std::move(outcome);
  }

  [[nodiscard]] const std::optional<policy::Error>& error() const { return error_; }

 private:
  const ToldMessage& told_;
  std::istream& input_;
  const DnsSettings& dns_;
  policy::Explanation& explanation_;
  std::optional<policy::Error> error_;
};

ExitStatus fail(const policy::Error& error) {
  std::cerr << "fromguard-gateway: " << error.message << '\n';
  return policy::exit_status_of(error.code);
}

void print(std::ostream& output, std::string_view name, std::string_view value) {
  constexpr std::size_t kColumn = 16;
  output << name << ':' << std::string(name.size() < kColumn ? kColumn - name.size() : 1, ' ')
         << value << '\n';
}

void print_finding(std::ostream& output, const JudgedFinding& judged) {
  const policy::Finding& finding = judged.finding;
  print(output, "finding", word(finding.kind));
  if (finding.match.has_value()) {
    print(output, "match", word(*finding.match));
  }
  print(output, "organization", policy::visible_text(finding.organization_name));
  if (!finding.person.empty()) {
    print(output, "person", policy::visible_text(finding.person));
  }
  print(output, "address", finding.address);
  print(output, "reason", finding.reason);
  print(output, "disposition", word(judged.decision.disposition));
  print(output, "rule", judged.decision.rule.empty() ? "(default)" : judged.decision.rule);
}

void print_verdict(std::ostream& output, const Verdict& verdict) {
  if (verdict.kind == Verdict::Kind::kSkipped) {
    print(output, "finding", "none (mail from a trusted network is not inspected)");
    return;
  }
  if (const JudgedFinding* deciding = verdict.deciding(); deciding != nullptr) {
    print_finding(output, *deciding);
  } else if (verdict.kind == Verdict::Kind::kNoFinding) {
    print(output, "finding", "none");
  }
  for (const policy::Finding& noted : verdict.noted) {
    print(output, "noted", std::string{word(noted.kind)} + ": " + noted.reason);
  }
  if (verdict.degradation.has_value()) {
    print(output, "degraded", word(*verdict.degradation));
  }
  const bool is_monitored = verdict.mode == policy::Mode::kMonitor;
  print(output,
        "action",
        std::string{word(verdict.action())} +
            (is_monitored ? " (mode: monitor, so the message is only stamped)" : ""));
  print(output, "generation", std::to_string(verdict.generation));
  print(output, "policy", verdict.policy_digest);
}

void print_explanation(std::ostream& output,
                       const JudgedMessage& judged,
                       const policy::Explanation& explanation) {
  constexpr std::size_t kShownOctets = 2000;
  constexpr std::size_t kShownFields = 20;
  const std::span all{judged.from_octets};
  for (const std::string_view field : all.first(std::min(all.size(), kShownFields))) {
    const bool is_cut = field.size() > kShownOctets;
    print(output,
          "From",
          policy::visible_text(field.substr(0, kShownOctets)) + (is_cut ? " ... (cut)" : ""));
  }
  if (all.empty() || all.size() > kShownFields) {
    print(output,
          "From",
          all.empty() ? "(there is none)"
                      : "... (" + std::to_string(all.size()) + " such fields in all)");
  }
  for (const policy::FieldLimit limit : judged.verdict.limits) {
    print(output, "limit hit", word(limit));
  }
  for (const policy::ExplanationStep& step : explanation.steps()) {
    print(output, step.name, step.text);
  }
  print_verdict(output, judged.verdict);
}

}  // namespace

ExitStatus explain(ExplainRequest request,
                   const InForce& in_force,
                   const SessionSettings& settings,
                   const DnsSettings& dns,
                   std::ostream& output) {
  const bool is_file = !request.message.empty() && request.message != "-";
  std::ifstream file;
  if (is_file) {
    file.open(request.message, std::ios::binary);
  }
  if (!file) {
    return fail({.code = policy::ErrorCode::kNotFound,
                 .message = "cannot open " + request.message.string()});
  }
  std::istream& input = is_file ? static_cast<std::istream&>(file) : std::cin;
  auto header = read_header(input);
  if (!header.has_value()) {
    return fail(header.error());
  }
  request.told.header = *std::move(header);
  policy::Explanation explanation;
  LiveAnswer live{request.told, input, dns, explanation};
  const JudgedMessage judged =
      judge_told_message(request.told,
                         in_force,
                         settings,
                         &explanation,
                         request.told.client_ip.empty() ? Authenticate{} : std::ref(live));
  if (const std::optional<policy::Error>& error = live.error(); error.has_value()) {
    return fail(*error);
  }
  if (request.as_json) {
    output << explain_as_json(judged, explanation) << '\n';
  } else {
    print_explanation(output, judged, explanation);
  }
  output.flush();
  return output ? ExitStatus::kDone : ExitStatus::kIoError;
}

}  // namespace gateway
