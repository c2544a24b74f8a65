// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/failure.h"
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

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <expected>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::Result;

// Others get the daemon's thread after so many users.
constexpr std::size_t kUsersAtATime = 50;

}  // namespace

// Guests sign in elsewhere, and have their mailbox there.
Result<void> PostureScan::take_user(const PostureUser& user, FindingUpdates& updates) {
  const std::string& label =
      user.user_principal_name.empty() ? user.display_name : user.user_principal_name;
  pending_.put_recipient(updates.batch(), user);
  if (user.user_type != "Guest") {
    pending_.put(updates.batch(),
                 {.id = user.id,
                  .label = label,
                  .has_mailbox = !user.mail.empty(),
                  .is_disabled = user.is_enabled == false});
    ++record_.mailboxes;
  }
  ++record_.users;
  return updates.observe({.type = SubjectType::kUser, .id = user.id, .label = label},
                         evaluate(user, context_));
}

Result<void> PostureScan::give_up_users(const GraphFailure& failure) {
  auto batch = updates();
  auto observed =
      observe_unread<PostureUser, AuthenticationMethods, CalendarPermissions, MessageRules>(
          "users", reason_of(failure, "User.Read.All"), batch);
  if (observed.has_value()) {
    record_.phase = ScanPhase::kMailboxes;
    observed = batch.commit();
  }
  return observed;
}

Task<Result<void>> PostureScan::scan_users() {
  report(fmt::format("listing users, {} so far", record_.users));
  auto page = co_await parts_.posture->users(record_.users_link);
  if (!page.has_value()) {
    if (stops_scan(page.error())) {
      co_return std::unexpected{to_error(std::move(page).error())};
    }
    const bool is_too_old =
        !record_.users_link.empty() && page.error().kind != GraphFailureKind::kPermission;
    if (!is_too_old || is_listed_anew_) {
      co_return give_up_users(page.error());
    }
    is_listed_anew_ = true;
    record_.users_link.clear();
    record_.users = 0;
    record_.mailboxes = 0;
    auto batch = updates();
    pending_.clear(batch.batch());
    co_return batch.commit();
  }
  auto batch = updates();
  std::size_t taken = 0;
  for (const PostureUser& user : page->items) {
    if (auto observed = take_user(user, batch); !observed.has_value()) {
      co_return observed;
    }
    if (++taken % kUsersAtATime == 0) {
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
  }
  record_.users_link = std::move(page->next_link);
  if (record_.users_link.empty()) {
    record_.phase = ScanPhase::kMailboxes;
  }
  co_return batch.commit();
}

}  // namespace directory
