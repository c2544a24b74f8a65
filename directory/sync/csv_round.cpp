// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/csv_round.h"

#include "directory/clock.h"
#include "directory/csv/csv_directory.h"
#include "directory/people/directory_user.h"
#include "directory/people/protection.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/round_end.h"
#include "directory/sync/round_of.h"
#include "directory/sync/round_outcome.h"
#include "policy/config/problems.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace directory {
namespace {

// Above this a page is written: what waits is bounded.
constexpr std::size_t kPageOctets = std::size_t{4} * 1024 * 1024;

std::unexpected<RoundFailure> csv_failure(policy::Error error) {
  return std::unexpected{RoundFailure{.what = "csv", .error = std::move(error)}};
}

// Which state of which file was read: a file put in place by rename is another one.
std::string source_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return {};
  }
  return fmt::format("csv {} inode {} size {} written {}.{:09}",
                     path.string(),
                     status.st_ino,
                     status.st_size,
                     status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

// Stages users page by page; after a failed write the rest is ignored and `finish` tells.
class Staging {
 public:
  Staging(DirectoryContent& content, DirectoryKey key, SyncState state)
      : content_(&content), key_(std::move(key)), state_(std::move(state)) {
    begin_page();
  }

  void take(const DirectoryUser& user) {
    if (!written_.has_value()) {
      return;
    }
    StoredUser stored;
    stored.id = user.id;
    stored.display_name = user.display_name;
    stored.given_name = user.given_name;
    stored.surname = user.surname;
    stored.mail = user.addresses.front();
    for (std::size_t i = 1; i < user.addresses.size(); ++i) {
      stored.proxy_addresses.push_back("smtp:" + user.addresses[i]);
    }
    page_->put_user(stored);
    for (const std::string& group : user.groups) {
      const std::string id = folded_name(group);
      if (groups_.insert(id).second) {
        page_->put_group({.id = id, .display_name = group, .mail = {}, .proxy_addresses = {}});
      }
      page_->put_member(id, user.id, StoredMemberKind::kUser);
    }
    if (page_->octets() > kPageOctets) {
      end_page();
    }
  }

  policy::Result<SyncState> finish() {
    if (written_.has_value()) {
      round_of(state_).users_done = true;
      round_of(state_).groups_done = true;
      end_page();
    }
    if (!written_.has_value()) {
      return std::unexpected{std::move(written_).error()};
    }
    return std::move(state_);
  }

 private:
  void begin_page() { page_ = std::make_unique<StagedPage>(content_->database(), key_, state_); }

  void end_page() {
    ++round_of(state_).pages;
    written_ = page_->commit(state_);
    begin_page();
  }

  DirectoryContent* content_;
  DirectoryKey key_;
  SyncState state_;
  std::unique_ptr<StagedPage> page_;
  policy::Result<void> written_;
  std::set<std::string, std::less<>> groups_;
};

policy::Result<SyncState> stage_file(DirectoryContent& content,
                                     const DirectoryKey& key,
                                     const std::filesystem::path& path,
                                     SyncState state) {
  Staging staging{content, key, std::move(state)};
  policy::Problems problems;
  const auto users =
      read_csv_directory(path, [&](const DirectoryUser& user) { staging.take(user); }, problems);
  if (!problems.all().empty()) {
    // Nobody is left to tell when standard error itself fails.
    static_cast<void>(std::fputs(problems.text().c_str(), stderr));
  }
  if (!users.has_value()) {
    return std::unexpected{users.error()};
  }
  return staging.finish();
}

}  // namespace

RoundResult read_csv_round(DirectoryContent& content,
                           const DirectoryKey& key,
                           const DirectorySettings& settings,
                           bool is_full,
                           bool accept_shrink) {
  auto state = content.sync_state(key);
  if (!state.has_value()) {
    return csv_failure(std::move(state).error());
  }
  const std::filesystem::path& path = std::get<CsvSource>(settings.source).path;
  const std::string source = source_of(path);
  if (!is_full && !source.empty() && state->live_set != 0 && state->source == source &&
      !state->round.has_value()) {
    state->last_success = now_in_seconds();
    state->last_failure.clear();
    if (auto written = content.put_sync_state(key, *state); !written.has_value()) {
      return csv_failure(std::move(written).error());
    }
    return RoundOutcome{.counts = state->counts, .was_full = false};
  }
  SyncState begun = content.with_new_round(*std::move(state), RoundKind::kFull, now_in_seconds());
  round_of(begun).source = source;
  const SyncState before = begun;
  auto staged = stage_file(content, key, path, std::move(begun));
  if (!staged.has_value()) {
    static_cast<void>(content.drop_round(key, before));
    return csv_failure(std::move(staged).error());
  }
  return end_round(content, key, *std::move(staged), settings.sync.max_shrink, accept_shrink);
}

}  // namespace directory
