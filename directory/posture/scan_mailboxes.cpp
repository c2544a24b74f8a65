// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/batch.h"
#include "directory/graph/failure.h"
#include "directory/graph/permissions.h"
#include "directory/graph/posture_queries.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/finding_updates.h"
#include "directory/posture/looks.h"
#include "directory/posture/pending_mailboxes.h"
#include "directory/posture/posture_scan.h"
#include "directory/posture/scan_record.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::Result;

constexpr std::string_view kMethods = "authentication methods";
constexpr std::string_view kCalendars = "calendars";
constexpr std::string_view kRules = "message rules";

constexpr std::string_view kMethodsPermission = "UserAuthenticationMethod.Read.All";
constexpr std::string_view kCalendarsPermission = "Calendars.Read";
constexpr std::string_view kRulesPermission = "MailboxSettings.Read";

// Why one thing of one mailbox could not be read. Exchange may keep the application from a mailbox
// whatever it was granted.
std::string reason_of_part(const GraphFailure& failure, std::string_view permission) {
  if (failure.kind == GraphFailureKind::kNotFound) {
    return "Exchange Online has no mailbox of this user: on premises, without licence, or deleted";
  }
  if (failure.kind == GraphFailureKind::kPermission) {
    return fmt::format("Microsoft refuses it: {} is missing, or does not reach this user",
                       permission);
  }
  return failure.message;
}

template <typename Look>
Result<void> observe_part(const std::optional<GraphResult<Look>>& part,
                          std::string_view permission,
                          const FindingSubject& subject,
                          const TenantContext& context,
                          FindingUpdates& updates) {
  if (!part.has_value()) {
    return {};
  }
  return updates.observe(subject,
                         part->has_value()
                             ? evaluate(**part, context)
                             : not_evaluated<Look>(reason_of_part(part->error(), permission)));
}

// What a mailbox is for only explains a disabled account: not knowing it is no finding.
Result<void> observe_purpose(const std::optional<GraphResult<std::string>>& part,
                             const FindingSubject& subject,
                             const TenantContext& context,
                             FindingUpdates& updates) {
  if (!part.has_value() || !part->has_value()) {
    return {};
  }
  return updates.observe(subject, evaluate(MailboxPurpose{.purpose = **part}, context));
}

// The refusal that every mailbox has met; no value if one has not.
template <typename Look>
std::optional<GraphFailure> refused_by_all(const std::vector<MailboxAnswer>& answers,
                                           std::optional<GraphResult<Look>> MailboxAnswer::* part) {
  std::optional<GraphFailure> refusal;
  for (const MailboxAnswer& answer : answers) {
    const auto& asked = answer.*part;
    if (!asked.has_value()) {
      continue;
    }
    if (asked->has_value() || asked->error().kind != GraphFailureKind::kPermission) {
      return std::nullopt;
    }
    refusal = asked->error();
  }
  return refusal;
}

}  // namespace

MailboxQuestion PostureScan::question_of(const PendingMailbox& mailbox) const {
  return {.user_id = mailbox.id,
          .methods = !is_unread(kMethods),
          .calendar = mailbox.has_mailbox && !is_unread(kCalendars),
          .rules = mailbox.has_mailbox && !is_unread(kRules),
          .purpose = mailbox.has_mailbox && mailbox.is_disabled && !is_unread(kRules)};
}

// As many as fit into one batch of requests.
Result<std::vector<PendingMailbox>> PostureScan::next_batch() const {
  auto mailboxes = pending_.first(kBatchSize);
  if (!mailboxes.has_value()) {
    return mailboxes;
  }
  std::size_t requests = 0;
  std::size_t fit = 0;
  while (fit < mailboxes->size()) {
    requests += requests_of(question_of((*mailboxes)[fit]));
    if (requests > kBatchSize) {
      break;
    }
    ++fit;
  }
  mailboxes->erase(mailboxes->begin() + static_cast<std::ptrdiff_t>(fit), mailboxes->end());
  return mailboxes;
}

// A permission that the token lacks may have been granted for some mailboxes in Exchange itself.
// Where the first batch shows that it was not, the others are not asked.
Result<void> PostureScan::drop_denied(const std::vector<MailboxAnswer>& answers,
                                      FindingUpdates& updates) {
  const auto is_missing = [&](std::string_view permission) {
    return granted_by(parts_.roles, permission).empty();
  };
  Result<void> observed;
  const auto methods = refused_by_all(answers, &MailboxAnswer::methods);
  if (methods.has_value() && is_missing(kMethodsPermission)) {
    observed = observe_unread<AuthenticationMethods>(
        std::string{kMethods}, reason_of(*methods, kMethodsPermission), updates);
  }
  const auto calendars = refused_by_all(answers, &MailboxAnswer::calendar);
  if (observed.has_value() && calendars.has_value() && is_missing(kCalendarsPermission)) {
    observed = observe_unread<CalendarPermissions>(
        std::string{kCalendars}, reason_of(*calendars, kCalendarsPermission), updates);
  }
  const auto rules = refused_by_all(answers, &MailboxAnswer::rules);
  if (observed.has_value() && rules.has_value() && is_missing(kRulesPermission)) {
    observed = observe_unread<MessageRules>(
        std::string{kRules}, reason_of(*rules, kRulesPermission), updates);
  }
  return observed;
}

Result<void> PostureScan::take_answers(const std::vector<PendingMailbox>& mailboxes,
                                       const std::vector<MailboxAnswer>& answers) {
  auto batch = updates();
  Result<void> observed;
  if (record_.batches == 0) {
    observed = drop_denied(answers, batch);
  }
  for (std::size_t i = 0; i < mailboxes.size() && observed.has_value(); ++i) {
    const FindingSubject subject{
        .type = SubjectType::kUser, .id = mailboxes[i].id, .label = mailboxes[i].label};
    const MailboxAnswer& answer = answers[i];
    if (!is_unread(kMethods)) {
      observed = observe_part(answer.methods, kMethodsPermission, subject, context_, batch);
    }
    if (observed.has_value() && !is_unread(kCalendars)) {
      observed = observe_part(answer.calendar, kCalendarsPermission, subject, context_, batch);
    }
    if (observed.has_value() && !is_unread(kRules)) {
      observed = observe_part(answer.rules, kRulesPermission, subject, context_, batch);
    }
    if (observed.has_value()) {
      observed = observe_purpose(answer.purpose, subject, context_, batch);
    }
    pending_.remove(batch.batch(), mailboxes[i].id);
  }
  if (!observed.has_value()) {
    return observed;
  }
  record_.mailboxes_done += mailboxes.size();
  ++record_.batches;
  return batch.commit();
}

Task<Result<void>> PostureScan::scan_mailboxes() {
  if (is_unread(kMethods) && is_unread(kCalendars) && is_unread(kRules)) {
    auto batch = updates();
    pending_.clear(batch.batch());
    record_.mailboxes_done = record_.mailboxes;
    record_.phase = ScanPhase::kEnd;
    co_return batch.commit();
  }
  const auto mailboxes = next_batch();
  if (!mailboxes.has_value()) {
    co_return std::unexpected{mailboxes.error()};
  }
  if (mailboxes->empty()) {
    co_return enter(ScanPhase::kEnd);
  }
  report(fmt::format("looking at mailboxes, {} of {}", record_.mailboxes_done, record_.mailboxes));
  std::vector<MailboxQuestion> questions;
  questions.reserve(mailboxes->size());
  for (const PendingMailbox& mailbox : *mailboxes) {
    questions.push_back(question_of(mailbox));
  }
  auto answers = co_await parts_.posture->mailboxes(std::move(questions));
  if (!answers.has_value()) {
    co_return std::unexpected{to_error(std::move(answers).error())};
  }
  co_return take_answers(*mailboxes, *answers);
}

}  // namespace directory
