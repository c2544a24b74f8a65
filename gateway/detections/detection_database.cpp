// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/detection_database.h"

#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <rocksdb/compression_type.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/iterator.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/types.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

// Without a logger RocksDB writes a LOG file into the database, a new one each time it is opened.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;

  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;

// Room that writing and merging takes beside the records goes with these sizes.
rocksdb::Options options(const DetectionRetention& retention) {
  constexpr std::uint64_t kParts = 64;
  const std::uint64_t part = retention.octets / kParts;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = std::clamp<std::uint64_t>(part, kMebibyte, 4 * kMebibyte);
  options.max_write_buffer_number = 2;
  options.max_total_wal_size = 2 * options.write_buffer_size;
  options.target_file_size_base = std::clamp<std::uint64_t>(part, kMebibyte, 64 * kMebibyte);
  options.max_compaction_bytes = 4 * options.target_file_size_base;
  options.level_compaction_dynamic_level_bytes = true;
  options.max_open_files = 64;
  options.max_background_jobs = 1;
  options.max_file_opening_threads = 1;
  options.max_manifest_file_size = 4 * kMebibyte;
  options.info_log = std::make_shared<SilentLogger>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.paranoid_checks = true;
  return options;
}

// What a folder is, whatever its name.
struct FolderIdentity {
  dev_t device;
  ino_t number;

  friend bool operator==(const FolderIdentity&, const FolderIdentity&) = default;
};

std::optional<FolderIdentity> identity_of(const fs::path& folder) {
  struct stat found{};
  if (::stat(folder.c_str(), &found) != 0) {
    return std::nullopt;
  }
  return FolderIdentity{.device = found.st_dev, .number = found.st_ino};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::create_directories(folder, error) && !error) {
    return {};
  }
  if (!error) {
    constexpr fs::perms kGroupReads =
        fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec;
    fs::permissions(folder, kGroupReads, error);
  }
  if (error) {
    return fail(ErrorCode::kUnavailable, "make " + folder.string() + ": " + error.message());
  }
  return {};
}

// Nil where there is no record. A key that is no id is not ours, and no reason not to go on.
policy::Ulid id_at(const rocksdb::Iterator& records) {
  if (!records.Valid()) {
    return {};
  }
  return policy::Ulid::parse(records.key().ToStringView()).value_or(policy::Ulid{});
}

policy::Ulid last_id_of(rocksdb::DB& database) {
  const std::unique_ptr<rocksdb::Iterator> records{database.NewIterator(rocksdb::ReadOptions{})};
  records->SeekToLast();
  return id_at(*records);
}

policy::Ulid first_id_of(rocksdb::DB& database) {
  const std::unique_ptr<rocksdb::Iterator> records{database.NewIterator(rocksdb::ReadOptions{})};
  records->SeekToFirst();
  return id_at(*records);
}

// The id before which so many octets of table files lie at least; that of the last record in tables
// if there are fewer.
policy::Ulid id_after_octets(rocksdb::DB& database, std::uint64_t octets) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.GetLiveFilesMetaData(&files);
  std::ranges::sort(files, {}, &rocksdb::LiveFileMetaData::largestkey);
  std::uint64_t sum = 0;
  policy::Ulid last;
  for (const rocksdb::LiveFileMetaData& file : files) {
    sum += file.size;
    last = policy::Ulid::parse(file.largestkey).value_or(last);
    if (sum >= octets) {
      break;
    }
  }
  return last.is_nil() ? last : last.next();
}

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct DetectionDatabase::State {
  fs::path folder;
  DetectionRetention retention;
  FolderIdentity identity;
  std::unique_ptr<rocksdb::DB> database;
};

DetectionDatabase::DetectionDatabase(std::unique_ptr<State> state, policy::Ulid last_id)
    : state_(std::move(state)), last_id_(last_id) {}

DetectionDatabase::~DetectionDatabase() = default;

Result<std::unique_ptr<DetectionDatabase>> DetectionDatabase::open(
    const fs::path& folder, const DetectionRetention& retention) {
  if (auto made = make_folder(folder); !made.has_value()) {
    return std::unexpected{std::move(made).error()};
  }
  const auto identity = identity_of(folder);
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options(retention), folder.string(), &opened);
  std::unique_ptr<rocksdb::DB> database{opened};
  if (!status.ok() || !identity.has_value()) {
    return fail(ErrorCode::kUnavailable,
                "open the database of detections " + folder.string() + ": " + status.ToString());
  }
  const policy::Ulid last = last_id_of(*database);
  auto state = std::make_unique<State>(State{.folder = folder,
                                             .retention = retention,
                                             .identity = *identity,
                                             .database = std::move(database)});
  return std::unique_ptr<DetectionDatabase>{new DetectionDatabase{std::move(state), last}};
}

Result<void> DetectionDatabase::write(std::span<const policy::DetectionRecord> records) {
  rocksdb::WriteBatch batch;
  for (const policy::DetectionRecord& record : records) {
    // A batch in memory takes any change; it fails only beyond a limit of size, and none is set.
    static_cast<void>(batch.Put(record.id.text(), encode_detection(record)));
  }
  const rocksdb::Status status = state_->database->Write(rocksdb::WriteOptions{}, &batch);
  if (!status.ok()) {
    return fail(ErrorCode::kUnavailable,
                "write to the database of detections " + state_->folder.string() + ": " +
                    status.ToString());
  }
  for (const policy::DetectionRecord& record : records) {
    last_id_ = std::max(last_id_, record.id);
  }
  return {};
}

std::uint64_t DetectionDatabase::octets() const {
  std::uint64_t sum = 0;
  std::error_code error;
  for (fs::directory_iterator each{state_->folder, error}; each != fs::directory_iterator{};
       each.increment(error)) {
    // One that goes meanwhile has no size, and takes no room.
    std::error_code is_gone;
    const std::uintmax_t size = each->file_size(is_gone);
    sum += is_gone ? 0 : size;
    if (error) {
      break;
    }
  }
  return sum;
}

Result<DetectionRemoval> DetectionDatabase::remove_old(std::int64_t now) {
  constexpr std::int64_t kHour = 3'600'000;
  const DetectionRetention& retention = state_->retention;
  const std::int64_t oldest_kept = now - retention.age.count();
  const policy::Ulid first = first_id_of(*state_->database);
  DetectionRemoval removal;
  if (!first.is_nil() &&
      first < policy::Ulid::first_of(oldest_kept - std::min(kHour, retention.age.count()))) {
    removal.before = policy::Ulid::first_of(oldest_kept);
  }
  // What is being written and merged has the rest.
  const std::uint64_t is_full = retention.octets / 8 * 6;
  const std::uint64_t has_room = retention.octets / 8 * 5;
  if (const std::uint64_t taken = octets(); taken > is_full) {
    const policy::Ulid before = id_after_octets(*state_->database, taken - has_room);
    removal.is_early = before > std::max(removal.before, policy::Ulid::first_of(oldest_kept));
    removal.before = std::max(removal.before, before);
  }
  if (removal.before.is_nil() || removal.before <= first) {
    return DetectionRemoval{};
  }
  auto removed = remove_before(removal.before);
  if (!removed.has_value()) {
    return std::unexpected{std::move(removed).error()};
  }
  return removal;
}

Result<void> DetectionDatabase::remove_before(const policy::Ulid& id) {
  rocksdb::DB& database = *state_->database;
  const std::string least = policy::Ulid{}.text();
  const std::string end = id.text();
  const rocksdb::Slice from = slice(least);
  const rocksdb::Slice to = slice(end);
  // The removal must not share a file with new records: that file would span all there are, and all
  // of them would be written anew when it is merged.
  rocksdb::Status status = database.Flush(rocksdb::FlushOptions{});
  if (status.ok()) {
    status =
        database.DeleteRange(rocksdb::WriteOptions{}, database.DefaultColumnFamily(), from, to);
  }
  // Whole files go at once; of the one on the border the rest is written anew.
  if (status.ok()) {
    status =
        rocksdb::DeleteFilesInRange(&database, database.DefaultColumnFamily(), &from, &to, false);
  }
  if (status.ok()) {
    status = database.CompactRange(rocksdb::CompactRangeOptions{}, &from, &to);
  }
  if (status.ok()) {
    // A secondary lets go of what it has read from the log before only when it finds something in
    // the next one: a key that no record has, beside those to come.
    status = database.Delete(rocksdb::WriteOptions{}, last_id_.next().text());
  }
  if (!status.ok()) {
    return fail(ErrorCode::kUnavailable,
                "remove old detections from " + state_->folder.string() + ": " + status.ToString());
  }
  return {};
}

bool DetectionDatabase::is_in_place() const {
  return identity_of(state_->folder) == state_->identity;
}

}  // namespace gateway
