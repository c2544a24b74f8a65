// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/state_options.h"

#include "directory/store/damage.h"
#include "policy/result.h"

#include <rocksdb/cache.h>
#include <rocksdb/compression_type.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>
#include <rocksdb/table.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace directory {
namespace {

constexpr std::size_t kKibibyte = 1024;
constexpr std::size_t kMebibyte = 1024 * kKibibyte;

// Without a logger RocksDB writes a LOG file into the database, a new one each time it is opened.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;

  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::BlockBasedTableOptions table_options() {
  // Bits of the filter for each key: one key in a hundred that is not there costs a read.
  constexpr double kFilterBitsPerKey = 10;
  constexpr std::uint32_t kFormatVersion = 5;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  table.block_cache = rocksdb::NewLRUCache(16 * kMebibyte);
  // Or their memory would grow with the database.
  table.cache_index_and_filter_blocks = true;
  table.block_size = 8 * kKibibyte;
  table.checksum = rocksdb::kXXH3;
  table.format_version = kFormatVersion;
  return table;
}

}  // namespace

rocksdb::Options state_options() {
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options()));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = 8 * kMebibyte;
  options.max_write_buffer_number = 2;
  options.target_file_size_base = 8 * kMebibyte;
  options.max_bytes_for_level_base = 32 * kMebibyte;
  options.level_compaction_dynamic_level_bytes = true;
  options.max_open_files = 64;
  options.max_background_jobs = 1;
  options.max_file_opening_threads = 1;
  options.max_manifest_file_size = 4 * kMebibyte;
  options.info_log = std::make_shared<SilentLogger>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.paranoid_checks = true;
  // A manifest that is cut short would otherwise hide records whose log is gone already.
  options.track_and_verify_wals_in_manifest = true;
  return options;
}

policy::Result<void> state_result(std::string_view doing, const rocksdb::Status& status) {
  if (status.ok()) {
    return {};
  }
  const std::string text = std::string{doing} + ": " + status.ToString();
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsPathNotFound()) {
    return damaged(text);
  }
  return policy::fail(policy::ErrorCode::kUnavailable, text);
}

}  // namespace directory
