// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/detection_database.h"

#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <rocksdb/compression_type.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstdarg>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

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

rocksdb::Options options() {
  constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = 4 * kMebibyte;
  options.max_write_buffer_number = 2;
  options.target_file_size_base = 16 * kMebibyte;
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
policy::Ulid last_id_of(rocksdb::DB& database) {
  const std::unique_ptr<rocksdb::Iterator> records{database.NewIterator(rocksdb::ReadOptions{})};
  records->SeekToLast();
  if (!records->Valid()) {
    return {};
  }
  return policy::Ulid::parse(records->key().ToStringView()).value_or(policy::Ulid{});
}

}  // namespace

struct DetectionDatabase::State {
  fs::path folder;
  FolderIdentity identity;
  std::unique_ptr<rocksdb::DB> database;
};

DetectionDatabase::DetectionDatabase(std::unique_ptr<State> state, policy::Ulid last_id)
    : state_(std::move(state)), last_id_(last_id) {}

DetectionDatabase::~DetectionDatabase() = default;

Result<std::unique_ptr<DetectionDatabase>> DetectionDatabase::open(const fs::path& folder) {
  if (auto made = make_folder(folder); !made.has_value()) {
    return std::unexpected{std::move(made).error()};
  }
  const auto identity = identity_of(folder);
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options(), folder.string(), &opened);
  std::unique_ptr<rocksdb::DB> database{opened};
  if (!status.ok() || !identity.has_value()) {
    return fail(ErrorCode::kUnavailable,
                "open the database of detections " + folder.string() + ": " + status.ToString());
  }
  const policy::Ulid last = last_id_of(*database);
  auto state = std::make_unique<State>(
      State{.folder = folder, .identity = *identity, .database = std::move(database)});
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

bool DetectionDatabase::is_in_place() const {
  return identity_of(state_->folder) == state_->identity;
}

}  // namespace gateway
