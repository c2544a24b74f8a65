// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/snapshot/generation_database.h"

#include "policy/result.h"
#include "policy/snapshot/records.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>
#include <rocksdb/table.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <cstdarg>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

// Without a logger RocksDB writes a LOG file into the database, or fails to.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;

  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

// Blocks of the records that were hit; the old and the new generation share it across a swap.
const std::shared_ptr<rocksdb::Cache>& block_cache() {
  constexpr std::size_t kOctets = std::size_t{64} * 1024 * 1024;
  static const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(kOctets);
  return cache;
}

rocksdb::Options options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = block_cache();
  // The filters were built by the writer; RocksDB uses them only if some policy is named here.
  constexpr double kFilterBitsPerKey = 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));

  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.info_log = std::make_shared<SilentLogger>();
  // All files stay open, with their indexes and filters, so that a look-up never opens one.
  options.max_open_files = -1;
  options.max_file_opening_threads = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.paranoid_checks = true;
  return options;
}

}  // namespace

struct GenerationDatabase::State {
  std::unique_ptr<rocksdb::DB> database;
};

GenerationDatabase::GenerationDatabase(std::unique_ptr<const State> state)
    : state_(std::move(state)) {}

GenerationDatabase::~GenerationDatabase() = default;

Result<std::unique_ptr<const GenerationDatabase>> GenerationDatabase::open(
    const std::filesystem::path& folder) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options(), folder.string(), &opened);
  if (!status.ok()) {
    return fail(status.IsIOError() ? ErrorCode::kUnavailable : ErrorCode::kInvalidInput,
                "open the database: " + status.ToString());
  }
  auto state = std::make_unique<State>();
  state->database.reset(opened);
  return std::unique_ptr<const GenerationDatabase>{new GenerationDatabase{std::move(state)}};
}

Result<std::optional<std::string>> GenerationDatabase::get(std::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      state_->database->Get(rocksdb::ReadOptions{}, rocksdb::Slice{key.data(), key.size()}, &value);
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  if (!status.ok()) {
    return fail(ErrorCode::kUnavailable, "read a record: " + status.ToString());
  }
  return value;
}

Result<policy::RecordCounts> GenerationDatabase::counts() const {
  rocksdb::TablePropertiesCollection properties;
  const rocksdb::Status status = state_->database->GetPropertiesOfAllTables(&properties);
  if (!status.ok()) {
    return fail(ErrorCode::kUnavailable, "read the properties: " + status.ToString());
  }
  std::vector<rocksdb::LiveFileMetaData> files;
  state_->database->GetLiveFilesMetaData(&files);
  policy::RecordCounts counts;
  for (const rocksdb::LiveFileMetaData& file : files) {
    const auto* const kind =
        std::ranges::find_if(policy::kRecordKinds, [&](policy::RecordKind each) {
          return file.smallestkey.starts_with(static_cast<char>(each)) &&
                 file.largestkey.starts_with(static_cast<char>(each));
        });
    const auto found = properties.find(file.db_path + file.name);
    if (kind == policy::kRecordKinds.end() || found == properties.end()) {
      return fail(ErrorCode::kInvalidInput, "a table of the database holds unknown records");
    }
    counts.of(*kind) += found->second->num_entries;
  }
  return counts;
}

}  // namespace gateway
