// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/database_reader.h"

#include "directory/publish/database_options.h"
#include "policy/result.h"
#include "policy/snapshot/records.h"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

struct DatabaseReader::State {
  std::unique_ptr<rocksdb::DB> database;
};

DatabaseReader::DatabaseReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

DatabaseReader::~DatabaseReader() = default;

Result<std::unique_ptr<const DatabaseReader>> DatabaseReader::open(
    const std::filesystem::path& database) {
  rocksdb::DB* opened = nullptr;
  const auto open =
      database_result("open " + database.string(),
                      rocksdb::DB::OpenForReadOnly(reader_options(), database.string(), &opened));
  if (!open.has_value()) {
    return std::unexpected{open.error()};
  }
  auto state = std::make_unique<State>();
  state->database.reset(opened);
  return std::unique_ptr<const DatabaseReader>{new DatabaseReader{std::move(state)}};
}

Result<std::optional<std::string>> DatabaseReader::get(std::string_view key) const {
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

Result<policy::RecordCounts> DatabaseReader::counts() const {
  rocksdb::TablePropertiesCollection properties;
  const auto read = database_result("read the properties",
                                    state_->database->GetPropertiesOfAllTables(&properties));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
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

Result<void> DatabaseReader::verify_blocks() const {
  return database_result("verify the database", state_->database->VerifyChecksum());
}

Result<void> DatabaseReader::for_each_from(
    std::string_view first_key,
    const std::function<Result<bool>(std::string_view, std::string_view)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> at{
      state_->database->NewIterator(rocksdb::ReadOptions{})};
  for (at->Seek(rocksdb::Slice{first_key.data(), first_key.size()}); at->Valid(); at->Next()) {
    const auto more = visit(at->key().ToStringView(), at->value().ToStringView());
    if (!more.has_value()) {
      return std::unexpected{more.error()};
    }
    if (!*more) {
      return {};
    }
  }
  return database_result("read the database", at->status());
}

}  // namespace directory
