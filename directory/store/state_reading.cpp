// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/state_reading.h"

#include "directory/store/damage.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "directory/store/state_options.h"
#include "policy/result.h"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/status.h>

#include <algorithm>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::Result;

std::string_view without_table(const rocksdb::Slice& key) {
  return key.ToStringView().substr(1);
}

class TableCursor final : public RecordCursor {
 public:
  TableCursor(rocksdb::DB& database, rocksdb::ReadOptions options, Table table, std::string end)
      : table_(table), end_(std::move(end)), bound_(end_) {
    options.iterate_upper_bound = &bound_;
    at_.reset(database.NewIterator(options));
  }

  void seek(std::string_view key) override { at_->Seek(full_key(table_, key)); }

  void seek_last() { at_->SeekToLast(); }

  void retreat() { at_->Prev(); }

  [[nodiscard]] bool is_valid() const override { return at_->Valid(); }

  [[nodiscard]] std::string_view key() const override { return without_table(at_->key()); }

  [[nodiscard]] std::string_view value() const override { return at_->value().ToStringView(); }

  void advance() override { at_->Next(); }

  [[nodiscard]] Result<void> status() const override {
    return state_result("read the state database", at_->status());
  }

 private:
  Table table_;
  std::string end_;
  rocksdb::Slice bound_;  // of `end_`
  std::unique_ptr<rocksdb::Iterator> at_;
};

class SnapshotReader final : public StateReader {
 public:
  explicit SnapshotReader(rocksdb::DB& database) : database_(&database) {
    options_.snapshot = database.GetSnapshot();
  }

  SnapshotReader(const SnapshotReader&) = delete;
  SnapshotReader& operator=(const SnapshotReader&) = delete;
  SnapshotReader(SnapshotReader&&) = delete;
  SnapshotReader& operator=(SnapshotReader&&) = delete;

  ~SnapshotReader() override { database_->ReleaseSnapshot(options_.snapshot); }

  [[nodiscard]] Result<std::optional<std::string>> get(Table table,
                                                       std::string_view key) const override {
    return read_record(*database_, options_, table, key);
  }

  [[nodiscard]] std::unique_ptr<RecordCursor> cursor(Table table,
                                                     std::string_view prefix,
                                                     std::string_view from) const override {
    return make_cursor(*database_, options_, table, prefix, from);
  }

  [[nodiscard]] Result<void> for_each_backwards(Table table,
                                                std::string_view before,
                                                const RecordVisitor& visit) const override {
    return visit_backwards(*database_, options_, table, before, visit);
  }

 private:
  rocksdb::DB* database_;
  rocksdb::ReadOptions options_;
};

}  // namespace

std::string full_key(Table table, std::string_view key) {
  std::string full;
  full.reserve(key.size() + 1);
  full += static_cast<char>(table);
  full += key;
  return full;
}

Result<std::optional<std::string>> read_record(rocksdb::DB& database,
                                               const rocksdb::ReadOptions& options,
                                               Table table,
                                               std::string_view key) {
  std::string value;
  const rocksdb::Status status = database.Get(options, full_key(table, key), &value);
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  if (auto result = state_result("read the state database", status); !result.has_value()) {
    return std::unexpected{result.error()};
  }
  return value;
}

std::unique_ptr<RecordCursor> make_cursor(rocksdb::DB& database,
                                          const rocksdb::ReadOptions& options,
                                          Table table,
                                          std::string_view prefix,
                                          std::string_view from) {
  const std::string begin = full_key(table, prefix);
  auto cursor = std::make_unique<TableCursor>(database, options, table, end_of_prefix(begin));
  cursor->seek(std::max(prefix, from));
  return cursor;
}

Result<void> visit_backwards(rocksdb::DB& database,
                             rocksdb::ReadOptions options,
                             Table table,
                             std::string_view before,
                             const RecordVisitor& visit) {
  const std::string first = full_key(table, "");
  const rocksdb::Slice lower = first;
  options.iterate_lower_bound = &lower;
  TableCursor cursor{
      database, options, table, before.empty() ? end_of_prefix(first) : full_key(table, before)};
  for (cursor.seek_last(); cursor.is_valid(); cursor.retreat()) {
    const auto more = visit(cursor.key(), cursor.value());
    if (!more.has_value()) {
      return std::unexpected{more.error()};
    }
    if (!*more) {
      return {};
    }
  }
  return cursor.status();
}

Result<void> StateReader::for_each(Table table,
                                   std::string_view prefix,
                                   std::string_view from,
                                   const RecordVisitor& visit) const {
  const auto at = cursor(table, prefix, from);
  for (; at->is_valid(); at->advance()) {
    if (!is_key_of(table, at->key())) {
      return damaged("a key of the state database cannot be read");
    }
    const auto more = visit(at->key(), at->value());
    if (!more.has_value()) {
      return std::unexpected{more.error()};
    }
    if (!*more) {
      return {};
    }
  }
  return at->status();
}

std::shared_ptr<const StateReader> make_snapshot(rocksdb::DB& database) {
  return std::make_shared<const SnapshotReader>(database);
}

}  // namespace directory
