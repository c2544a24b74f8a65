// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/detection_writer.h"

#include "gateway/detections/detection_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::size_t kBatchRecords = 500;
// Nobody is waited for without an end: a wake that got lost costs a second.
constexpr std::chrono::seconds kLongestWait{1};
// How much is written, or how long nothing is looked at, until old records are removed again.
constexpr std::size_t kOctetsUntilRemoval = std::size_t{1024} * 1024;
constexpr std::chrono::minutes kRemovalPause{1};
constexpr std::int64_t kDayInMilliseconds = 86'400'000;

std::size_t octets_of(const std::vector<std::string>& texts) {
  std::size_t octets = 0;
  for (const std::string& text : texts) {
    octets += sizeof(std::string) + text.size();
  }
  return octets;
}

// About what the record takes in memory: its texts are bounded only when they are encoded.
std::size_t octets_of(const policy::DetectionRecord& record) {
  std::size_t octets = sizeof(policy::DetectionRecord) + octets_of(record.recipients) +
                       octets_of(record.shown) + octets_of(record.reply_to);
  for (const std::string* text : {&record.message_id,
                                  &record.helo,
                                  &record.mail_from,
                                  &record.from,
                                  &record.person,
                                  &record.address,
                                  &record.reason,
                                  &record.authentication}) {
    octets += text->size();
  }
  for (const policy::NotedMatch& noted : record.noted) {
    octets += sizeof(policy::NotedMatch) + noted.reason.size();
  }
  return octets;
}

std::int64_t now_in_milliseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

DetectionWriter::DetectionWriter(DetectionWriterSettings settings, DetectionReports reports)
    : settings_(std::move(settings)),
      reports_(std::move(reports)),
      begun_(now_in_milliseconds()),
      retry_(settings_.first_retry) {
  // Before there is a first record: its id must be greater than those in the database.
  report(open());
  thread_ = std::thread{[this] { run(); }};
}

DetectionWriter::~DetectionWriter() {
  stopping_ = true;
  wake_.release();
  thread_.join();
}

policy::Ulid DetectionWriter::keep(policy::DetectionRecord record) {
  const std::size_t octets = octets_of(record);
  bool was_empty = false;
  policy::Ulid id;
  const bool is_kept = queue_.with([&](Queue& queue) {
    if (queue.records.size() >= settings_.most_records ||
        queue.octets + octets > settings_.most_octets) {
      return false;
    }
    was_empty = queue.records.empty();
    if (!queue.is_successors) {
      // Under the lock, so that records are written in the order of their ids.
      id = queue.ids.next(now_in_milliseconds());
    }
    record.id = id;
    queue.octets += octets;
    queue.records.push_back(std::move(record));
    return true;
  });
  if (!is_kept) {
    drop(1);
  } else if (was_empty) {
    wake_.release();
  }
  return id;
}

void DetectionWriter::leave_to(std::function<void()> on_closed,
                               std::function<bool(const policy::DetectionRecord&)> take) {
  on_closed_ = std::move(on_closed);
  take_ = std::move(take);
  queue_.with([](Queue& queue) { queue.is_successors = true; });
  leaving_ = true;
  wake_.release();
  left_.acquire();
}

void DetectionWriter::run() {
  std::vector<policy::DetectionRecord> batch;
  while (true) {
    // Asked before the queue is: what comes later comes after the end.
    const bool is_last = stopping_;
    close_if_leaving(batch);
    if (batch.empty()) {
      batch = take_batch();
    }
    if (batch.empty() && is_last) {
      return;
    }
    if (batch.empty() && has_nothing_to_do()) {
      static_cast<void>(wake_.try_acquire_for(kLongestWait));
      continue;
    }
    if (attempt(batch)) {
      batch.clear();
      continue;
    }
    if (is_last) {
      drop(batch.size() + waiting());
      return;
    }
    wait_to_retry();
  }
}

// What cannot be written stays in the batch.
void DetectionWriter::close_if_leaving(std::vector<policy::DetectionRecord>& batch) {
  if (!leaving_ || has_left_) {
    return;
  }
  if (batch.empty()) {
    batch = take_batch();
  }
  while (!batch.empty() && attempt(batch)) {
    batch = take_batch();
  }
  database_.reset();
  has_left_ = true;
  on_closed_();
  left_.release();
}

bool DetectionWriter::has_nothing_to_do() const {
  return has_left_ || (database_ != nullptr && !is_removal_due());
}

void DetectionWriter::pass_on(const std::vector<policy::DetectionRecord>& batch) {
  for (const policy::DetectionRecord& record : batch) {
    if (!take_(record)) {
      drop(1);
    }
  }
}

std::size_t DetectionWriter::waiting() {
  return queue_.with([](const Queue& queue) { return queue.records.size(); });
}

std::vector<policy::DetectionRecord> DetectionWriter::take_batch() {
  return queue_.with([](Queue& queue) {
    std::vector<policy::DetectionRecord> batch;
    while (!queue.records.empty() && batch.size() < kBatchRecords) {
      queue.octets -= octets_of(queue.records.front());
      batch.push_back(std::move(queue.records.front()));
      queue.records.pop_front();
    }
    return batch;
  });
}

policy::Result<void> DetectionWriter::open() {
  auto opened = DetectionDatabase::open(settings_.folder, settings_.retention);
  if (!opened.has_value()) {
    return std::unexpected{std::move(opened).error()};
  }
  database_ = *std::move(opened);
  queue_.with([&](Queue& queue) { queue.ids.start_after(database_->last_id()); });
  return {};
}

policy::Result<void> DetectionWriter::write(const std::vector<policy::DetectionRecord>& batch) {
  if (database_ != nullptr && !database_->is_in_place()) {
    database_.reset();
  }
  if (database_ == nullptr) {
    if (auto opened = open(); !opened.has_value()) {
      return opened;
    }
  }
  auto written = batch.empty() ? policy::Result<void>{} : database_->write(batch);
  for (const policy::DetectionRecord& record : batch) {
    written_octets_ += octets_of(record);
  }
  if (written.has_value() && is_removal_due()) {
    written = remove_old();
  }
  if (!written.has_value()) {
    // After a failed write RocksDB takes no more of them until it is opened anew.
    database_.reset();
  }
  return written;
}

bool DetectionWriter::is_removal_due() const {
  return written_octets_ >= kOctetsUntilRemoval ||
         std::chrono::steady_clock::now() >= next_removal_;
}

std::int64_t DetectionWriter::time_to_remove() const {
  const auto run = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begun_steadily_);
  return std::min(now_in_milliseconds(), begun_ + run.count() + kDayInMilliseconds);
}

policy::Result<void> DetectionWriter::remove_old() {
  written_octets_ = 0;
  next_removal_ = std::chrono::steady_clock::now() + kRemovalPause;
  const std::int64_t now = time_to_remove();
  const auto removed = database_->remove_old(now);
  if (!removed.has_value()) {
    return std::unexpected{removed.error()};
  }
  if (removed->is_early) {
    const bool is_new = now - told_early_removal_ >= kDayInMilliseconds;
    told_early_removal_ = is_new ? now : told_early_removal_;
    reports_.on_early_removal(removed->before.milliseconds() / 1000, is_new);
  }
  return {};
}

bool DetectionWriter::attempt(const std::vector<policy::DetectionRecord>& batch) {
  if (has_left_) {
    pass_on(batch);
    return true;
  }
  const auto written = write(batch);
  report(written);
  return written.has_value();
}

void DetectionWriter::report(const policy::Result<void>& attempt) {
  const bool had_failed = std::exchange(has_failed_, !attempt.has_value());
  if (!attempt.has_value()) {
    reports_.on_failure(attempt.error(), !had_failed);
  } else if (had_failed) {
    retry_ = settings_.first_retry;
    reports_.on_recovery();
  }
}

void DetectionWriter::wait_to_retry() {
  const auto until = std::chrono::steady_clock::now() + retry_;
  retry_ = std::min(retry_ * 2, settings_.longest_retry);
  while (!stopping_ && !leaving_ && std::chrono::steady_clock::now() < until) {
    static_cast<void>(wake_.try_acquire_until(until));
  }
}

void DetectionWriter::drop(std::uint64_t records) {
  reports_.on_dropped(records);
}

}  // namespace gateway
