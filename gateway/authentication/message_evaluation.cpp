// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/message_evaluation.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/dkim/dkim_key.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/dmarc/dmarc_discovery.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/helper/helper_process.h"
#include "gateway/authentication/helper/helper_slot.h"
#include "gateway/authentication/helper/library_checks.h"
#include "gateway/authentication/spf/spf_guard.h"
#include "gateway/authentication/spf/spf_result.h"
#include "gateway/message/line_ends.h"
#include "gateway/message/octets.h"
#include "policy/mail_records/dns_name.h"
#include "policy/mail_records/spf_macro.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::string_view kSignatureField = "DKIM-Signature";

bool is_signature(const SignedField& field) {
  return equal_ignoring_case(field.name, kSignatureField);
}

// The library reads fields as C strings in part; a NUL could make it see another text than we do.
bool is_fit_for_library(const std::vector<SignedField>& fields) {
  std::size_t octets = 0;
  for (const SignedField& field : fields) {
    octets += field.name.size() + field.value.size();
    if (field.name.contains('\0') || field.value.contains('\0')) {
      return false;
    }
  }
  return octets <= MessageEvaluation::kMostFieldOctets;
}

// Two domains that do not even share their last label never align.
bool share_last_label(std::string_view left, std::string_view right) {
  return left.substr(left.rfind('.') + 1) == right.substr(right.rfind('.') + 1);
}

}  // namespace

MessageEvaluation::MessageEvaluation(EvaluationTools tools, AuthenticationRequest request)
    : tools_(std::move(tools)), request_(std::move(request)) {
  outcome_.from_domain = request_.from_domain;
  if (policy::is_mail_domain(request_.from_domain) && is_fit_for_library(request_.fields)) {
    collect_candidates();
  }
}

void MessageEvaluation::collect_candidates() {
  const auto now = std::chrono::system_clock::now();
  std::size_t seen = 0;
  for (std::size_t i = 0; i < request_.fields.size() && seen < kMostSeen; ++i) {
    if (!is_signature(request_.fields[i])) {
      continue;
    }
    ++seen;
    auto signature = parse_dkim_signature(request_.fields[i].value, now);
    if (signature.has_value() && share_last_label(signature->domain, request_.from_domain)) {
      candidates_.push_back({.signature = *std::move(signature), .field = i});
    }
  }
}

bool MessageEvaluation::work_out_header(HelperSlot& slot, DnsResolver::Deadline deadline) {
  if (!policy::is_mail_domain(request_.from_domain)) {
    outcome_.dmarc = DmarcResult::kPermError;
    candidates_.clear();
    return false;
  }
  DmarcDiscovery discovery{tools_.resolver, tools_.list, deadline};
  dmarc_ = discovery.discover(request_.from_domain);
  outcome_.dmarc_policy = dmarc_.policy;
  const bool is_needed =
      dmarc_.status == DiscoveredDmarc::Status::kFound || !request_.only_if_published;
  if (is_needed) {
    work_out_spf(slot, discovery, deadline);
    choose_signatures(discovery);
  } else {
    candidates_.clear();
  }
  outcome_.questions += discovery.questions();
  if (candidates_.empty()) {
    conclude(slot, deadline);
  }
  return !candidates_.empty();
}

// Only a domain that aligns is of use.
void MessageEvaluation::work_out_spf(HelperSlot& slot,
                                     DmarcDiscovery& discovery,
                                     DnsResolver::Deadline deadline) {
  if (!request_.client.has_value()) {
    return;
  }
  const policy::SpfSubject subject =
      policy::spf_subject(*request_.client, request_.helo, request_.mail_from);
  outcome_.spf_domain = subject.sender_domain;
  outcome_.is_spf_of_helo = !request_.mail_from.contains('@');
  if (!policy::is_mail_domain(subject.sender_domain)) {
    return;
  }
  const auto aligned =
      discovery.aligns(request_.from_domain, subject.sender_domain, dmarc_.record.spf);
  outcome_.is_unavailable = outcome_.is_unavailable || !aligned.has_value();
  if (!aligned.value_or(false)) {
    return;
  }
  outcome_.is_spf_aligned = true;
  SpfGuard guard{tools_.resolver, subject, deadline};
  guard.begin();
  if (guard.decided().has_value()) {
    outcome_.spf = guard.decided();
  } else {
    const auto checked = slot.run(deadline, [&](HelperProcess& helper) {
      return check_spf(helper, guard, subject.client, deadline);
    });
    outcome_.spf = checked.has_value() ? *checked : SpfResult::kTempError;
  }
  outcome_.questions += guard.questions();
  outcome_.is_unavailable = outcome_.is_unavailable || outcome_.spf == SpfResult::kTempError;
}

// Leaves the signatures that are to be verified, and has their keys looked for.
void MessageEvaluation::choose_signatures(DmarcDiscovery& discovery) {
  if (outcome_.has_aligned_pass() && !request_.needs_dkim) {
    candidates_.clear();
    return;
  }
  std::vector<Candidate> chosen;
  for (Candidate& candidate : candidates_) {
    const auto aligned =
        discovery.aligns(request_.from_domain, candidate.signature.domain, dmarc_.record.dkim);
    outcome_.is_unavailable = outcome_.is_unavailable || !aligned.has_value();
    if (aligned.value_or(false) && chosen.size() < kMostVerified) {
      tools_.resolver.prefetch({.name = candidate.signature.key_name(), .type = DnsType::kTxt});
      chosen.push_back(std::move(candidate));
    }
  }
  candidates_ = std::move(chosen);
}

void MessageEvaluation::work_out_body(HelperSlot& slot,
                                      std::span<const std::string> body,
                                      DnsResolver::Deadline deadline) {
  const DkimTask task = dkim_task(deadline);
  const auto facts = slot.run(
      deadline, [&](HelperProcess& helper) { return verify_dkim(helper, task, body, deadline); });
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const DkimSignature& signature = candidates_[i].signature;
    const DkimResult result =
        facts.has_value() ? dkim_result(signature, (*facts)[i]) : DkimResult::kTempError;
    outcome_.is_unavailable = outcome_.is_unavailable || result == DkimResult::kTempError;
    outcome_.dkim.push_back({.domain = signature.domain,
                             .selector = signature.selector,
                             .result = result,
                             .is_aligned = true});
  }
  conclude(slot, deadline);
}

DkimTask MessageEvaluation::dkim_task(DnsResolver::Deadline deadline) {
  DkimTask task;
  for (std::size_t i = 0; i < request_.fields.size(); ++i) {
    if (!is_signature(request_.fields[i])) {
      task.fields.push_back(field_text(i));
    }
  }
  for (const Candidate& candidate : candidates_) {
    const DnsAnswer key = tools_.resolver.ask(
        {.name = candidate.signature.key_name(), .type = DnsType::kTxt}, deadline);
    task.signatures.push_back(signature_task(field_text(candidate.field), key));
    ++outcome_.questions;
  }
  return task;
}

std::string MessageEvaluation::field_text(std::size_t field) const {
  const SignedField& read = request_.fields[field];
  return read.name + ':' + with_crlf(read.value);
}

void MessageEvaluation::conclude(HelperSlot& slot, DnsResolver::Deadline deadline) {
  using Status = DiscoveredDmarc::Status;
  if (dmarc_.status != Status::kFound) {
    const bool is_none = dmarc_.status == Status::kNone;
    outcome_.dmarc = is_none ? DmarcResult::kNone : DmarcResult::kTempError;
    outcome_.is_unavailable = !outcome_.has_aligned_pass() && (outcome_.is_unavailable || !is_none);
    return;
  }
  if (!outcome_.has_aligned_pass()) {
    outcome_.dmarc = outcome_.is_unavailable ? DmarcResult::kTempError : DmarcResult::kFail;
    return;
  }
  const DmarcTask task{.domain = request_.from_domain,
                       .policy = dmarc_.policy,
                       .spf_aligned = outcome_.is_spf_aligned && outcome_.spf == SpfResult::kPass,
                       .dkim_aligned = outcome_.results().dkim_aligned};
  const auto passes = slot.run(
      deadline, [&](HelperProcess& helper) { return check_dmarc(helper, task, deadline); });
  outcome_.is_unavailable = !passes.has_value();
  if (!passes.has_value()) {
    outcome_.dmarc = DmarcResult::kTempError;
    return;
  }
  outcome_.dmarc = *passes ? DmarcResult::kPass : DmarcResult::kFail;
}

void MessageEvaluation::give_up() {
  outcome_.is_unavailable = !outcome_.has_aligned_pass();
  outcome_.dmarc = DmarcResult::kTempError;
}

}  // namespace gateway
