// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/database_options.h"

#include "policy/result.h"

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

namespace directory {
namespace {

// Without a logger RocksDB writes a LOG file into the database.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;

  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::Options base_options() {
  // Bits of the filter for each key: one key in a hundred that is not there costs a read.
  constexpr double kFilterBitsPerKey = 10;
  constexpr std::size_t kBlockOctets = std::size_t{8} * 1024;

  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  table.whole_key_filtering = true;
  table.block_size = kBlockOctets;
  table.checksum = rocksdb::kXXH3;
  constexpr std::uint32_t kFormatVersion = 5;
  table.format_version = kFormatVersion;

  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.info_log = std::make_shared<SilentLogger>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_file_opening_threads = 1;
  options.disable_auto_compactions = true;
  return options;
}

}  // namespace

rocksdb::Options writer_options() {
  rocksdb::Options options = base_options();
  options.create_if_missing = true;
  options.error_if_exists = true;
  return options;
}

rocksdb::Options reader_options() {
  rocksdb::Options options = base_options();
  options.paranoid_checks = true;
  return options;
}

policy::Result<void> database_result(const std::string& doing, const rocksdb::Status& status) {
  if (status.ok()) {
    return {};
  }
  const bool is_damaged = status.IsCorruption() || status.IsInvalidArgument();
  return policy::fail(
      is_damaged ? policy::ErrorCode::kInvalidInput : policy::ErrorCode::kUnavailable,
      doing + ": " + status.ToString());
}

}  // namespace directory
