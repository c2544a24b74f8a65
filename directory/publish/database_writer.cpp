// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/database_writer.h"

#include "directory/publish/database_options.h"
#include "directory/publish/durable_files.h"
#include "policy/result.h"
#include "policy/snapshot/records.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/status.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::Result;

rocksdb::Slice slice(std::string_view octets) {
  return {octets.data(), octets.size()};
}

// Files that RocksDB leaves for itself and that no reader needs.
bool is_left_behind(std::string_view name) {
  return name == "LOCK" || name.starts_with("LOG") || name.starts_with("OPTIONS-") ||
         name.ends_with(".log") || name.ends_with(".dbtmp");
}

Result<void> remove_left_behind(const fs::path& database) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator at{database, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    if (is_left_behind(at->path().filename().string())) {
      paths.push_back(at->path());
    }
  }
  if (error) {
    return policy::fail(policy::ErrorCode::kUnavailable,
                        "list " + database.string() + ": " + error.message());
  }
  for (const fs::path& path : paths) {
    if (auto removed = remove_tree(path); !removed.has_value()) {
      return removed;
    }
  }
  return {};
}

}  // namespace

// One sorted file a kind is written on the side; all are then taken into a database at once.
struct DatabaseWriter::State {
  fs::path database;
  fs::path scratch;
  rocksdb::Options options = writer_options();
  std::optional<policy::RecordKind> kind;
  std::unique_ptr<rocksdb::SstFileWriter> file;
  std::vector<std::string> files;

  Result<void> begin_file(policy::RecordKind next) {
    if (auto closed = close_file(); !closed.has_value()) {
      return closed;
    }
    if (auto made = make_folder(scratch); !made.has_value()) {
      return made;
    }
    kind = next;
    files.push_back((scratch / (std::string{static_cast<char>(next)} + ".sst")).string());
    file = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions{options}, options);
    return database_result("create " + files.back(), file->Open(files.back()));
  }

  Result<void> close_file() {
    if (file == nullptr) {
      return {};
    }
    const auto finished = std::exchange(file, nullptr);
    return database_result("write " + files.back(), finished->Finish());
  }

  [[nodiscard]] Result<void> ingest() const {
    rocksdb::DB* opened = nullptr;
    auto open = database_result("create " + database.string(),
                                rocksdb::DB::Open(options, database.string(), &opened));
    if (!open.has_value()) {
      return open;
    }
    const std::unique_ptr<rocksdb::DB> owner{opened};
    rocksdb::IngestExternalFileOptions move;
    move.move_files = true;
    auto ingested =
        database_result("fill " + database.string(), owner->IngestExternalFile(files, move));
    if (!ingested.has_value()) {
      return ingested;
    }
    return database_result("close " + database.string(), owner->Close());
  }
};

DatabaseWriter::DatabaseWriter(fs::path database, fs::path scratch)
    : state_(std::make_unique<State>()) {
  state_->database = std::move(database);
  state_->scratch = std::move(scratch);
}

DatabaseWriter::~DatabaseWriter() = default;

Result<void> DatabaseWriter::put(policy::RecordKind kind,
                                 std::string_view key,
                                 std::string_view value) {
  if (state_->kind != kind) {
    if (auto begun = state_->begin_file(kind); !begun.has_value()) {
      return begun;
    }
  }
  return database_result("write a record", state_->file->Put(slice(key), slice(value)));
}

Result<void> DatabaseWriter::finish() {
  if (auto closed = state_->close_file(); !closed.has_value()) {
    return closed;
  }
  if (auto ingested = state_->ingest(); !ingested.has_value()) {
    return ingested;
  }
  return remove_left_behind(state_->database);
}

}  // namespace directory
