// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/secondary_database.h"

#include "policy/result.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <cstdarg>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <sys/types.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

// Without a logger RocksDB writes a LOG file, a new one each time a database is opened.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;

  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::Options options() {
  rocksdb::Options options;
  options.info_log = std::make_shared<SilentLogger>();
  // A secondary keeps all files open: the writer may remove one that is merged into others.
  options.max_open_files = -1;
  options.max_file_opening_threads = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
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

Result<void> result_of(std::string_view doing, const rocksdb::Status& status) {
  if (status.ok()) {
    return {};
  }
  return fail(ErrorCode::kUnavailable, std::string{doing} + ": " + status.ToString());
}

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct SecondaryDatabase::State {
  fs::path folder;
  std::optional<FolderIdentity> identity;
  std::unique_ptr<rocksdb::DB> database;
};

SecondaryDatabase::SecondaryDatabase(std::unique_ptr<State> state) : state_(std::move(state)) {}

SecondaryDatabase::~SecondaryDatabase() = default;

bool SecondaryDatabase::is_there(const fs::path& folder) {
  // Whoever may not look into the folder is told so when it is opened.
  std::error_code error;
  return fs::exists(folder / "CURRENT", error) || (error && error != std::errc::not_a_directory);
}

Result<std::unique_ptr<SecondaryDatabase>> SecondaryDatabase::open(const fs::path& folder,
                                                                   const fs::path& own) {
  const auto identity = identity_of(folder);
  rocksdb::DB* opened = nullptr;
  const auto open =
      result_of("open " + folder.string(),
                rocksdb::DB::OpenAsSecondary(options(), folder.string(), own.string(), &opened));
  if (!open.has_value()) {
    return std::unexpected{open.error()};
  }
  auto state = std::make_unique<State>(State{
      .folder = folder, .identity = identity, .database = std::unique_ptr<rocksdb::DB>{opened}});
  return std::unique_ptr<SecondaryDatabase>{new SecondaryDatabase{std::move(state)}};
}

Result<void> SecondaryDatabase::catch_up() {
  return result_of("follow " + state_->folder.string(), state_->database->TryCatchUpWithPrimary());
}

bool SecondaryDatabase::is_in_place() const {
  return state_->identity.has_value() && identity_of(state_->folder) == state_->identity;
}

Result<std::optional<std::string>> SecondaryDatabase::get(std::string_view key) const {
  std::string value;
  const rocksdb::Status status = state_->database->Get(rocksdb::ReadOptions{}, slice(key), &value);
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  if (auto read = result_of("read " + state_->folder.string(), status); !read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  return value;
}

Result<void> SecondaryDatabase::for_each_after(std::string_view key, const Visitor& visit) const {
  const std::unique_ptr<rocksdb::Iterator> each{
      state_->database->NewIterator(rocksdb::ReadOptions{})};
  for (each->Seek(slice(key)); each->Valid(); each->Next()) {
    const bool is_given = each->key() == slice(key);
    if (!is_given && !visit(each->key().ToStringView(), each->value().ToStringView())) {
      break;
    }
  }
  return result_of("read " + state_->folder.string(), each->status());
}

Result<void> SecondaryDatabase::for_each_before(std::string_view key, const Visitor& visit) const {
  const std::unique_ptr<rocksdb::Iterator> each{
      state_->database->NewIterator(rocksdb::ReadOptions{})};
  if (key.empty()) {
    each->SeekToLast();
  } else {
    each->SeekForPrev(slice(key));
  }
  for (; each->Valid(); each->Prev()) {
    const bool is_given = each->key() == slice(key);
    if (!is_given && !visit(each->key().ToStringView(), each->value().ToStringView())) {
      break;
    }
  }
  return result_of("read " + state_->folder.string(), each->status());
}

}  // namespace directory
