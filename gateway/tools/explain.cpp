// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/explain.h"

#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "gateway/tools/judged_message.h"
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
#include <iostream>
#include <istream>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using policy::ExitStatus;

constexpr std::size_t kMaximumHeaderOctets = std::size_t{64} * 1024 * 1024;

// Reads up to the end of the header; a body is never looked at.
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

policy::Result<std::string> read_header_of(const std::filesystem::path& path) {
  if (path.empty() || path == "-") {
    return read_header(std::cin);
  }
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    return policy::fail(policy::ErrorCode::kNotFound, "cannot open " + path.string());
  }
  return read_header(file);
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
                   std::ostream& output) {
  auto header = read_header_of(request.message);
  if (!header.has_value()) {
    std::cerr << "fromguard-gateway: " << header.error().message << '\n';
    return policy::exit_status_of(header.error().code);
  }
  request.told.header = *std::move(header);
  policy::Explanation explanation;
  const JudgedMessage judged = judge_told_message(request.told, in_force, settings, &explanation);
  if (request.as_json) {
    output << explain_as_json(judged, explanation) << '\n';
  } else {
    print_explanation(output, judged, explanation);
  }
  output.flush();
  return output ? ExitStatus::kDone : ExitStatus::kIoError;
}

}  // namespace gateway
