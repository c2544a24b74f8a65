// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/detections/detection_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/guarded.h"
#include "policy/result.h"
#include "policy/semaphore.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace gateway {

/// What becomes of detections, told from any thread. Every function must be there.
struct DetectionReports {
  std::function<void(std::uint64_t records)> on_dropped;
  /// An attempt to open or write the database has failed; `is_new` for the first one since one
  /// has succeeded.
  std::function<void(const policy::Error& error, bool is_new)> on_failure;
  std::function<void()> on_recovery;  ///< the first success after a failure
  /// Records from before this time, in seconds since 1970, have gone for want of room; `is_new` for
  /// the first time in a day.
  std::function<void(std::int64_t before, bool is_new)> on_early_removal;
};

/// How a writer waits, and for how much.
struct DetectionWriterSettings {
  std::filesystem::path folder;
  DetectionRetention retention;
  std::size_t most_records = 10'000;                        ///< that wait to be written
  std::size_t most_octets = std::size_t{32} * 1024 * 1024;  ///< of their texts together
  std::chrono::milliseconds first_retry{1000};              ///< doubled after each failure
  std::chrono::milliseconds longest_retry{std::chrono::minutes{1}};
};

/// Keeps records of detections in a database, off the threads that judge: they wait in a bounded
/// queue for one thread that writes them. A full queue drops the record. While the database cannot
/// be opened or written, judging goes on and it is tried again. Thread-safe.
class DetectionWriter {
 public:
  /// Opens the database, which may fail for now, and starts the thread.
  DetectionWriter(DetectionWriterSettings settings, DetectionReports reports);

  DetectionWriter(const DetectionWriter&) = delete;
  DetectionWriter& operator=(const DetectionWriter&) = delete;
  DetectionWriter(DetectionWriter&&) = delete;
  DetectionWriter& operator=(DetectionWriter&&) = delete;
  /// Writes what waits, in one attempt if the database fails.
  ~DetectionWriter();

  /// Gives the record its id, which is greater than those of all before it, and has it written.
  /// The id is nil where too many wait: the record is dropped then. It is nil too where the record
  /// goes to a successor, who gives it one.
  [[nodiscard]] policy::Ulid keep(policy::DetectionRecord record);

  /// Writes what waits, in one attempt, closes the database and calls `on_closed`: another process
  /// may open it from then on. Each later record is given to `take`; where that says false the
  /// record is dropped. Both are called on the thread of the writer. Returns after `on_closed`; to
  /// be called once.
  void leave_to(std::function<void()> on_closed,
                std::function<bool(const policy::DetectionRecord&)> take);

 private:
  struct Queue {
    std::deque<policy::DetectionRecord> records;
    std::size_t octets = 0;
    policy::UlidSequence ids;
    bool is_successors = false;  // whose ids it is to give
  };

  void run();
  [[nodiscard]] std::vector<policy::DetectionRecord> take_batch();
  [[nodiscard]] std::size_t waiting();
  void close_if_leaving(std::vector<policy::DetectionRecord>& batch);
  void pass_on(const std::vector<policy::DetectionRecord>& batch);
  [[nodiscard]] bool has_nothing_to_do() const;
  [[nodiscard]] bool attempt(const std::vector<policy::DetectionRecord>& batch);
  [[nodiscard]] policy::Result<void> open();
  [[nodiscard]] policy::Result<void> write(const std::vector<policy::DetectionRecord>& batch);
  // The time as records go by it, in milliseconds since 1970: a clock that leaps ahead while this
  // runs makes nothing old at once.
  [[nodiscard]] std::int64_t time_to_remove() const;
  [[nodiscard]] policy::Result<void> remove_old();
  [[nodiscard]] bool is_removal_due() const;
  void report(const policy::Result<void>& attempt);
  void wait_to_retry();
  void drop(std::uint64_t records);

  const DetectionWriterSettings settings_;
  const DetectionReports reports_;
  const std::int64_t begun_;  // in milliseconds since 1970
  const std::chrono::steady_clock::time_point begun_steadily_ = std::chrono::steady_clock::now();
  policy::Guarded<Queue> queue_;
  policy::Semaphore wake_;
  std::atomic<bool> stopping_ = false;
  std::function<void()> on_closed_;  // constant once `leaving_`, as is the next one
  std::function<bool(const policy::DetectionRecord&)> take_;
  std::atomic<bool> leaving_ = false;
  policy::Semaphore left_;

  // Of the writing thread, once it runs.
  std::unique_ptr<DetectionDatabase> database_;  // null: not open
  bool has_left_ = false;                        // the database is the successor's
  bool has_failed_ = false;
  std::chrono::milliseconds retry_;
  std::size_t written_octets_ = 0;  // since the last removal
  std::chrono::steady_clock::time_point next_removal_ = std::chrono::steady_clock::now();
  std::int64_t told_early_removal_ = 0;  // when, in milliseconds since 1970

  std::thread thread_;
};

}  // namespace gateway
