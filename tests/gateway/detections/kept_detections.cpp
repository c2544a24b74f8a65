// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/gateway/detections/kept_detections.h"

#include "policy/detection_record/detection_record.h"

#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <vector>

namespace gateway {

std::vector<policy::DetectionRecord> kept_detections(const std::filesystem::path& folder) {
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(rocksdb::Options{}, folder.string(), &opened);
  if (!status.ok()) {
    throw std::runtime_error{status.ToString()};
  }
  const std::unique_ptr<rocksdb::DB> database{opened};
  const std::unique_ptr<rocksdb::Iterator> each{database->NewIterator(rocksdb::ReadOptions{})};
  std::vector<policy::DetectionRecord> records;
  for (each->SeekToFirst(); each->Valid(); each->Next()) {
    records.push_back(policy::decode_detection(each->value().ToStringView()).value());
    if (records.back().id.text() != each->key().ToStringView()) {
      throw std::runtime_error{"a record is kept under another id than its own"};
    }
  }
  return records;
}

}  // namespace gateway
