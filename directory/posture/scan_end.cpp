// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/finding_updates.h"
#include "directory/posture/posture_scan.h"
#include "directory/posture/scan_record.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::Result;

// Others get the daemon's thread after so many findings.
constexpr std::size_t kFindingsAtATime = 500;

constexpr std::int64_t kResolvedIsKept = std::chrono::seconds{std::chrono::days{365}}.count();

// The findings whose subjects could not all be read by this scan.
Result<std::set<std::string, std::less<>>> unread_findings(const StateReader& reader,
                                                           const DirectoryKey& key,
                                                           const FindingSubject& tenant,
                                                           std::uint64_t scan) {
  std::set<std::string, std::less<>> unread;
  for (const FindingKind& kind : finding_kinds()) {
    const auto read = read_finding(reader, key, kind.id, tenant);
    if (!read.has_value()) {
      return std::unexpected{read.error()};
    }
    const std::optional<PostureFinding>& finding = *read;
    if (finding.has_value() && finding->scan == scan && !finding->reason.empty()) {
      unread.insert(kind.id);
    }
  }
  return unread;
}

// By what findings are judged at the end.
struct FindingEnd {
  std::uint64_t scan;
  std::int64_t now;
  std::set<std::string, std::less<>> unread;  // that could not all be looked at
};

struct Slice {
  std::vector<PostureFinding> findings;
  std::string last_key;
};

Result<Slice> read_slice(const StateReader& reader,
                         const DirectoryKey& key,
                         const std::string& after) {
  Slice slice;
  const std::string prefix = join_key({key.organization, key.directory});
  // The least key that is greater.
  const std::string from = after.empty() ? "" : after + '\0';
  auto read = for_each_finding(reader, prefix, from, [&](const std::string& at, KeptFinding kept) {
    slice.findings.push_back(std::move(kept.finding));
    slice.last_key = at;
    return slice.findings.size() < kFindingsAtATime;
  });
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  return slice;
}

// What becomes of a finding at the end of a scan that has not looked at it.
void end_finding(const PostureFinding& finding, const FindingEnd& end, FindingUpdates& updates) {
  const bool is_over = finding.state == FindingState::kResolved;
  if (is_over && finding.last_seen < end.now - kResolvedIsKept) {
    updates.forget(finding);
  } else if (!is_over && finding.scan != end.scan && !end.unread.contains(finding.finding)) {
    updates.disappeared(finding);
  }
}

}  // namespace

Task<Result<void>> PostureScan::finish() {
  report("ending");
  auto unread = unread_findings(*parts_.database, key_, tenant(), record_.number);
  if (!unread.has_value()) {
    co_return std::unexpected{std::move(unread).error()};
  }
  const FindingEnd end{.scan = record_.number, .now = parts_.now(), .unread = *std::move(unread)};
  std::string last;
  auto slice = read_slice(*parts_.database, key_, last);
  while (slice.has_value() && !slice->findings.empty()) {
    auto batch = updates();
    for (const PostureFinding& finding : slice->findings) {
      end_finding(finding, end, batch);
    }
    if (auto written = batch.commit(); !written.has_value()) {
      co_return written;
    }
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    last = slice->last_key;
    slice = read_slice(*parts_.database, key_, last);
  }
  if (!slice.has_value()) {
    co_return std::unexpected{std::move(slice).error()};
  }
  record_.finished = end.now;
  co_return enter(ScanPhase::kNone);
}

}  // namespace directory
