// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/posture_scan.h"

#include "directory/graph/directory_queries.h"
#include "directory/graph/failure.h"
#include "directory/posture/domain_mail.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/finding_updates.h"
#include "directory/posture/looks.h"
#include "directory/posture/scan_record.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

// What waits longer than this is looked at anew, all of it.
constexpr std::int64_t kLongestPause = std::chrono::seconds{std::chrono::days{1}}.count();

FindingSubject subject_of(const TenantDomain& domain) {
  return {.type = SubjectType::kDomain, .id = domain.name, .label = domain.name};
}

void add_notes(const DomainMail& mail, std::vector<std::string>& notes) {
  for (const auto* each : {&mail.spf.notes, &mail.dmarc.notes}) {
    for (const std::string& note : *each) {
      notes.push_back(mail.domain + ": " + note);
    }
  }
}

}  // namespace

bool stops_scan(const GraphFailure& failure) {
  switch (failure.kind) {
    case GraphFailureKind::kUnavailable:
    case GraphFailureKind::kCredential:
    case GraphFailureKind::kClock:
    case GraphFailureKind::kConsent:
    case GraphFailureKind::kTenant:
    case GraphFailureKind::kForeignLink: return true;
    case GraphFailureKind::kPermission:
    case GraphFailureKind::kNotFound:
    case GraphFailureKind::kResync:
    case GraphFailureKind::kRefused: break;
  }
  return false;
}

std::string reason_of(const GraphFailure& failure, std::string_view permission) {
  return failure.kind == GraphFailureKind::kPermission
             ? fmt::format("the application is not granted {}", permission)
             : failure.message;
}

PostureScan::PostureScan(Parts parts, DirectoryKey key)
    : parts_(std::move(parts)), key_(std::move(key)), pending_(*parts_.database, key_) {}

FindingSubject PostureScan::tenant() const {
  return {.type = SubjectType::kTenant, .id = context_.sync.id, .label = name_of(key_)};
}

FindingUpdates PostureScan::updates() {
  return {*parts_.database, *parts_.records, key_, record_, parts_.now()};
}

bool PostureScan::is_unread(std::string_view what) const {
  const std::string beginning = std::string{what} + ": ";
  return std::ranges::any_of(record_.unread,
                             [&](const std::string& text) { return text.starts_with(beginning); });
}

// Two looks may ask for one finding, which is told of the tenant once.
Result<void> PostureScan::tell_unread(const std::string& what,
                                      const std::string& reason,
                                      std::vector<Observation> observations,
                                      FindingUpdates& updates) {
  if (!is_unread(what)) {
    record_.unread.push_back(what + ": " + reason);
  }
  std::ranges::sort(observations, {}, &Observation::kind);
  const auto twice = std::ranges::unique(observations, {}, &Observation::kind);
  observations.erase(twice.begin(), twice.end());
  return updates.observe(tenant(), observations);
}

void PostureScan::report(const std::string& what) const {
  parts_.progress(record_.mailboxes_done, record_.mailboxes, what);
}

Result<void> PostureScan::begin() {
  auto known = read_scan(*parts_.database, key_);
  if (!known.has_value()) {
    return std::unexpected{std::move(known).error()};
  }
  record_ = *std::move(known);
  const std::int64_t now = parts_.now();
  StateBatch batch;
  if (record_.phase == ScanPhase::kNone || now - record_.started > kLongestPause) {
    ScanRecord next;
    next.number = record_.number + 1;
    next.phase = ScanPhase::kDomains;
    next.started = now;
    next.finished = record_.finished;
    next.counts = std::move(record_.counts);
    record_ = std::move(next);
    pending_.clear(batch);
  }
  record_.attempted = now;
  record_.failure.clear();
  record_.is_cancelled = false;
  put_scan(batch, key_, record_);
  return parts_.database->commit(std::move(batch));
}

Result<void> PostureScan::enter(ScanPhase phase) {
  record_.phase = phase;
  StateBatch batch;
  put_scan(batch, key_, record_);
  return parts_.database->commit(std::move(batch));
}

Task<Result<void>> PostureScan::run() {
  if (auto begun = begin(); !begun.has_value()) {
    co_return begun;
  }
  auto outcome = co_await run_phases();
  if (!outcome.has_value()) {
    record_.failure = outcome.error().message;
    record_.is_cancelled = parts_.is_cancelled();
    StateBatch batch;
    put_scan(batch, key_, record_);
    // What stopped the scan is told in any case.
    static_cast<void>(parts_.database->commit(std::move(batch)));
  }
  co_return outcome;
}

Task<Result<void>> PostureScan::run_phases() {
  if (auto read = co_await read_context(); !read.has_value()) {
    co_return read;
  }
  while (record_.phase != ScanPhase::kNone) {
    if (parts_.is_cancelled()) {
      co_return policy::fail(ErrorCode::kBusy, "cancelled; the next scan goes on where this was");
    }
    if (auto done = co_await run_phase(); !done.has_value()) {
      co_return done;
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> PostureScan::run_phase() {
  switch (record_.phase) {
    case ScanPhase::kDomains: return scan_domains();
    case ScanPhase::kApplications: return scan_applications();
    case ScanPhase::kUsers: return scan_users();
    case ScanPhase::kMailboxes: return scan_mailboxes();
    case ScanPhase::kEnd:
    case ScanPhase::kNone: break;
  }
  return finish();
}

// Read anew by each run: little, and everything else is judged by it.
Task<Result<void>> PostureScan::read_context() {
  context_.now = parts_.now();
  context_.is_known_recipient = [this](std::string_view address, std::string_view name) {
    return pending_.knows_recipient(address, name);
  };
  auto sync = co_await parts_.posture->sync_time();
  if (sync.has_value()) {
    context_.sync = *std::move(sync);
  } else if (stops_scan(sync.error())) {
    co_return std::unexpected{to_error(std::move(sync).error())};
  } else {
    sync_failure_ = std::move(sync).error();
  }
  auto domains = co_await parts_.queries->domains();
  if (!domains.has_value()) {
    if (stops_scan(domains.error())) {
      co_return std::unexpected{to_error(std::move(domains).error())};
    }
    domains_failure_ = std::move(domains).error();
    co_return Result<void>{};
  }
  domains_ = *std::move(domains);
  auto& verified = context_.verified_domains.emplace();
  for (const TenantDomain& domain : domains_) {
    std::string name = lowered(domain.name);
    if (domain.is_verified) {
      verified.insert(name);
    }
    if (domain.authentication_type == "Federated") {
      context_.federated_domains.insert(name);
    }
    if (domain.is_initial) {
      context_.initial_domain = std::move(name);
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> PostureScan::scan_domains() {
  record_.unread.clear();
  record_.notes.clear();
  auto tenant_updates = updates();
  auto observed = sync_failure_.has_value()
                      ? observe_unread<TenantSyncTime>(
                            "sync", reason_of(*sync_failure_, "User.Read.All"), tenant_updates)
                      : tenant_updates.observe(tenant(), evaluate(context_.sync, context_));
  if (observed.has_value() && domains_failure_.has_value()) {
    observed = observe_unread<DomainLook, DomainMail>(
        "domains", reason_of(*domains_failure_, "Domain.Read.All"), tenant_updates);
  }
  if (observed.has_value()) {
    observed = tenant_updates.commit();
  }
  for (const TenantDomain& domain : domains_) {
    if (!observed.has_value() || parts_.is_cancelled()) {
      break;
    }
    report("looking at " + domain.name);
    observed = co_await scan_domain(domain);
  }
  if (!observed.has_value() || parts_.is_cancelled()) {
    co_return observed;
  }
  co_return enter(ScanPhase::kApplications);
}

// The initial domain is Microsoft's, and of one that is not verified DNS says nothing of ours.
Task<Result<void>> PostureScan::scan_domain(const TenantDomain& domain) {
  DomainLook look{.domain = domain, .verification = {}};
  if (!domain.is_verified) {
    auto texts = co_await parts_.posture->verification_texts(domain.name);
    if (texts.has_value()) {
      look.verification = *std::move(texts);
    } else if (stops_scan(texts.error())) {
      co_return std::unexpected{to_error(std::move(texts).error())};
    }
  }
  auto domain_updates = updates();
  auto observed = domain_updates.observe(subject_of(domain), evaluate(look, context_));
  if (observed.has_value() && domain.is_verified && !domain.is_initial) {
    const DomainMail mail =
        co_await look_at_domain_mail(*parts_.dns, lowered(domain.name), parts_.suffixes);
    add_notes(mail, record_.notes);
    observed = domain_updates.observe(subject_of(domain), evaluate(mail, context_));
  }
  co_return observed.has_value() ? domain_updates.commit() : observed;
}

}  // namespace directory
