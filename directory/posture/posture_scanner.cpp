// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/posture_scanner.h"

#include "directory/clock.h"
#include "directory/graph/token_source.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/posture_control.h"
#include "directory/posture/posture_scan.h"
#include "directory/posture/scan_record.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ErrorCode;
using policy::EventId;
using policy::Result;

constexpr std::int64_t kScanEvery = std::chrono::seconds{std::chrono::hours{24}}.count();
constexpr std::int64_t kRetryAfter = std::chrono::seconds{std::chrono::minutes{15}}.count();
constexpr std::size_t kMostAtOnce = 4;

void add_scanned(const OrganizationSettings& organization, std::vector<DirectoryKey>& keys) {
  for (const DirectorySettings& directory : organization.directories) {
    if (has_feature(directory, Feature::kPosture)) {
      keys.push_back({.organization = organization.name, .directory = directory.name});
    }
  }
}

// `12 findings are open (1 high, 3 medium, 8 low), 2 could not be evaluated`
std::string summary_of(const FindingCounts& counts) {
  StateCounts all;
  std::int64_t high = 0;
  std::int64_t medium = 0;
  for (const FindingKind& kind : finding_kinds()) {
    const auto found = counts.find(kind.id);
    if (found == counts.end()) {
      continue;
    }
    all.open += found->second.open;
    all.not_evaluated += found->second.not_evaluated;
    high += kind.severity == Severity::kHigh ? found->second.open : 0;
    medium += kind.severity == Severity::kMedium ? found->second.open : 0;
  }
  return fmt::format("{} findings are open ({} high, {} medium, {} low), {} could not be evaluated",
                     all.open,
                     high,
                     medium,
                     all.open - high - medium,
                     all.not_evaluated);
}

}  // namespace

PostureScanner::PostureScanner(Executor executor, Parts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

Result<std::vector<PostureStanding>> PostureScanner::standings() const {
  std::vector<DirectoryKey> keys;
  for (const OrganizationSettings& organization : parts_.control->organizations()) {
    add_scanned(organization, keys);
  }
  std::vector<PostureStanding> standings;
  standings.reserve(keys.size());
  for (DirectoryKey& key : keys) {
    auto record = read_scan(*parts_.database, key);
    if (!record.has_value()) {
      return std::unexpected{std::move(record).error()};
    }
    const auto running = running_.find(key);
    const std::uint64_t job = running == running_.end() ? 0 : running->second;
    standings.push_back({.key = std::move(key), .record = *std::move(record), .job = job});
  }
  return standings;
}

Result<std::uint64_t> PostureScanner::start_scan(DirectoryKey key) {
  const auto* organization = find_organization(parts_.control->organizations(), key.organization);
  const auto* directory =
      organization == nullptr ? nullptr : find_directory(*organization, key.directory);
  if (directory == nullptr || !has_feature(*directory, Feature::kPosture)) {
    return policy::fail(
        ErrorCode::kInvalidInput,
        name_of(key) + " is not scanned; add posture to the features of the directory");
  }
  auto tenant = parts_.tenant_of(key);
  if (!tenant.has_value()) {
    return std::unexpected{std::move(tenant).error()};
  }
  const auto job = parts_.jobs->begin(
      {.kind = "posture_scan", .subject = name_of(key), .organization = key.organization},
      now_in_seconds());
  if (!job.has_value()) {
    return job;
  }
  running_[key] = *job;
  const auto report = [this, key, number = *job](const std::exception_ptr& thrown) {
    if (thrown == nullptr) {
      return;
    }
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
      parts_.log->write(EventId::kInternalError, {{.key = "error", .value = exception.what()}});
      end(key, number, policy::fail(ErrorCode::kUnavailable, exception.what()));
    }
  };
  asio::co_spawn(executor_, run(key, *std::move(tenant), *job), report);
  return job;
}

void PostureScanner::end(const DirectoryKey& key,
                         std::uint64_t job,
                         const Result<std::string>& outcome) {
  running_.erase(key);
  parts_.jobs->end(job, outcome, now_in_seconds());
}

Result<std::string> PostureScanner::outcome_of(const DirectoryKey& key) const {
  const auto record = read_scan(*parts_.database, key);
  if (!record.has_value()) {
    return std::unexpected{record.error()};
  }
  return summary_of(record->counts);
}

Task<Result<void>> PostureScanner::scan(DirectoryKey key,
                                        std::shared_ptr<Tenant> tenant,
                                        std::uint64_t job) {
  // What was granted since the last scan is in a new token alone.
  tenant->tokens().forget(Audience::kGraph);
  const auto token = co_await tenant->tokens().token(Audience::kGraph);
  PostureScan posture_scan{
      {.posture = &tenant->posture(),
       .queries = &tenant->queries(),
       .dns = parts_.dns,
       .suffixes = parts_.suffixes,
       .database = parts_.database,
       .records = parts_.records,
       .roles = token.has_value() ? token->roles : std::vector<std::string>{},
       .now = &now_in_seconds,
       .is_cancelled = [this, job] { return parts_.jobs->is_cancelling(job); },
       .progress =
           [this, job](std::uint64_t done, std::uint64_t total, const std::string& what) {
             parts_.jobs->progress(job, done, total, what);
           }},
      key};
  co_return co_await posture_scan.run();
}

Task<void> PostureScanner::run(DirectoryKey key,
                               std::shared_ptr<Tenant> tenant,
                               std::uint64_t job) {
  co_await asio::post(executor_, asio::use_awaitable);
  const auto scanned = co_await scan(key, std::move(tenant), job);
  const auto outcome =
      scanned.has_value() ? outcome_of(key) : Result<std::string>{std::unexpected{scanned.error()}};
  const bool is_cancelled = parts_.jobs->is_cancelling(job);
  if (outcome.has_value()) {
    parts_.log->write(EventId::kPostureScanned,
                      {{.key = "directory", .value = name_of(key)},
                       {.key = "outcome", .value = std::string_view{*outcome}}});
  } else if (!is_cancelled) {
    parts_.log->write(EventId::kPostureScanFailed,
                      {{.key = "directory", .value = name_of(key)},
                       {.key = "error", .value = std::string_view{outcome.error().message}}});
  }
  end(key, job, outcome);
}

bool PostureScanner::is_due(const PostureStanding& standing, std::int64_t now) const {
  const ScanRecord& record = standing.record;
  if (standing.job != 0) {
    return false;
  }
  if (record.phase != ScanPhase::kNone) {
    return directory::is_due(now, record.attempted, record.is_cancelled ? kScanEvery : kRetryAfter);
  }
  const auto state = parts_.content->sync_state(standing.key);
  return state.has_value() && state->last_success > 0 &&
         directory::is_due(now, record.started, kScanEvery);
}

void PostureScanner::start_due(std::int64_t now) {
  const auto known = standings();
  if (!known.has_value()) {
    parts_.log->write(EventId::kInternalError,
                      {{.key = "error", .value = std::string_view{known.error().message}}});
    return;
  }
  for (const PostureStanding& standing : *known) {
    if (running_.size() >= kMostAtOnce) {
      return;
    }
    if (is_due(standing, now)) {
      // One that cannot begin is seen to with the next minute.
      static_cast<void>(start_scan(standing.key));
    }
  }
}

}  // namespace directory
