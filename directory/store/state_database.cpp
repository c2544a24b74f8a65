// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/state_database.h"

#include "directory/publish/durable_files.h"
#include "directory/publish/folder_lock.h"
#include "directory/store/damage.h"
#include "directory/store/keys.h"
#include "directory/store/schema.h"
#include "directory/store/state_marker.h"
#include "directory/store/state_options.h"
#include "directory/store/state_reading.h"
#include "policy/result.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>
#include <rocksdb/write_batch.h>

#include <cstddef>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

// Looks, without changing anything, whether the database still has what it had when the marker was
// written.
Result<void> check_against_marker(const fs::path& folder, const StateMarker& marker) {
  const auto manifest = measure_state(folder, 0);
  if (!manifest.has_value()) {
    return damaged(manifest.error().message);
  }
  rocksdb::DB* opened = nullptr;
  const auto open =
      state_result("open " + folder.string(),
                   rocksdb::DB::OpenForReadOnly(state_options(), folder.string(), &opened));
  if (!open.has_value()) {
    return open;
  }
  const std::unique_ptr<rocksdb::DB> database{opened};
  const auto schema = read_record(*database, {}, Table::kSchema, "version");
  if (!schema.has_value()) {
    return std::unexpected{schema.error()};
  }
  const bool is_cut =
      manifest->manifest == marker.manifest && manifest->manifest_size < marker.manifest_size;
  if (is_cut || !schema->has_value() || database->GetLatestSequenceNumber() < marker.sequence) {
    return damaged(folder.string() + " has lost records that it had");
  }
  return {};
}

// Makes the database take writes again after one has failed. When a disk was full RocksDB itself
// looks for room, every five seconds; from other failures it recovers only when opened anew.
Result<void> resume(rocksdb::DB& database) {
  const rocksdb::Status status = database.Resume();
  if (status.ok()) {
    return {};
  }
  if (status.IsBusy()) {
    return fail(ErrorCode::kUnavailable,
                "there is no room for the state database; make some, it is tried again soon");
  }
  return fail(ErrorCode::kUnavailable,
              "the state database takes no writes since one has failed (" + status.ToString() +
                  "); mend the disk and restart fromguard-directory");
}

Result<void> make_private_folder(const fs::path& folder) {
  if (auto made = make_folder(folder); !made.has_value()) {
    return made;
  }
  std::error_code error;
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) {
    return fail(ErrorCode::kDenied, "set the mode of " + folder.string() + ": " + error.message());
  }
  return {};
}

}  // namespace

struct StateBatch::State {
  rocksdb::WriteBatch changes;
};

StateBatch::StateBatch() : state_(std::make_unique<State>()) {}

StateBatch::StateBatch(StateBatch&& other) noexcept = default;

StateBatch& StateBatch::operator=(StateBatch&& other) noexcept = default;

StateBatch::~StateBatch() = default;

// A batch in memory takes any change; it fails only beyond a limit of size, and none is set.
void StateBatch::put(Table table, std::string_view key, std::string_view value) {
  static_cast<void>(state_->changes.Put(full_key(table, key), value));
}

void StateBatch::remove(Table table, std::string_view key) {
  static_cast<void>(state_->changes.Delete(full_key(table, key)));
}

void StateBatch::remove_prefix(Table table, std::string_view prefix) {
  const std::string begin = full_key(table, prefix);
  static_cast<void>(state_->changes.DeleteRange(begin, end_of_prefix(begin)));
}

std::size_t StateBatch::octets() const {
  return state_->changes.GetDataSize();
}

struct StateDatabase::State {
  fs::path folder;
  FolderLock lock;
  std::unique_ptr<rocksdb::DB> database;
  StateMarker marked;       // as it is on the disk
  bool is_refused = false;  // the last write failed

  [[nodiscard]] Result<void> mark() {
    const auto now = measure_state(folder, database->GetLatestSequenceNumber());
    if (!now.has_value()) {
      return std::unexpected{now.error()};
    }
    if (*now == marked) {
      return {};
    }
    marked = *now;
    return write_state_marker(folder, marked);
  }
};

StateDatabase::StateDatabase(std::unique_ptr<State> state) : state_(std::move(state)) {}

StateDatabase::~StateDatabase() {
  // An older marker is true too.
  static_cast<void>(state_->mark());
}

Result<std::unique_ptr<StateDatabase>> StateDatabase::open(const fs::path& folder) {
  if (auto made = make_private_folder(folder); !made.has_value()) {
    return std::unexpected{made.error()};
  }
  auto lock = FolderLock::acquire(folder / "fromguard-lock");
  if (!lock.has_value()) {
    return std::unexpected{lock.error()};
  }
  const auto read = read_state_marker(folder);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<StateMarker>& marker = *read;
  if (marker.has_value()) {
    if (auto checked = check_against_marker(folder, *marker); !checked.has_value()) {
      return std::unexpected{checked.error()};
    }
  }
  rocksdb::Options options = state_options();
  options.create_if_missing = !marker.has_value();
  rocksdb::DB* opened = nullptr;
  const auto open =
      state_result("open " + folder.string(), rocksdb::DB::Open(options, folder.string(), &opened));
  if (!open.has_value()) {
    return std::unexpected{open.error()};
  }
  auto state = std::make_unique<State>(State{.folder = folder,
                                             .lock = std::move(*lock),
                                             .database = std::unique_ptr<rocksdb::DB>{opened},
                                             .marked = marker.value_or(StateMarker{})});
  std::unique_ptr<StateDatabase> database{new StateDatabase{std::move(state)}};
  if (auto migrated = migrate(*database, kSchemaVersion, migrations()); !migrated.has_value()) {
    return std::unexpected{migrated.error()};
  }
  if (auto marked = database->state_->mark(); !marked.has_value()) {
    return std::unexpected{marked.error()};
  }
  return database;
}

Result<std::optional<std::string>> StateDatabase::get(Table table, std::string_view key) const {
  return read_record(*state_->database, {}, table, key);
}

std::unique_ptr<RecordCursor> StateDatabase::cursor(Table table,
                                                    std::string_view prefix,
                                                    std::string_view from) const {
  return make_cursor(*state_->database, {}, table, prefix, from);
}

Result<void> StateDatabase::for_each_backwards(Table table,
                                               std::string_view before,
                                               const RecordVisitor& visit) const {
  return visit_backwards(*state_->database, {}, table, before, visit);
}

Result<void> StateDatabase::commit(StateBatch batch) {
  if (state_->is_refused) {
    if (auto resumed = resume(*state_->database); !resumed.has_value()) {
      return resumed;
    }
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  auto written = state_result("write to the state database",
                              state_->database->Write(options, &batch.state_->changes));
  state_->is_refused = !written.has_value();
  return written;
}

std::shared_ptr<const StateReader> StateDatabase::snapshot() const {
  return make_snapshot(*state_->database);
}

}  // namespace directory
