// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/detections/written_detections.h"

#include "gateway/detections/detection_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

policy::DetectionRecord detection_at(std::int64_t seconds) {
  policy::DetectionRecord record;
  record.id = policy::Ulid::first_of(seconds * 1000);
  record.time = seconds;
  record.organization = "contoso";
  record.finding = "protected_name";
  record.match = "exact";
  record.field = "from";
  record.action = "tag";
  record.disposition = "spoof";
  record.mode = "enforce";
  record.decides = true;
  record.person = "Ada Lovelace";
  record.address = "ada@freemail.example";
  record.mail_from = "billing@freemail.example";
  record.reason = "Protected Name Ada Lovelace should not appear as ada@freemail.example";
  record.shown = {"Ada Lovelace"};
  record.from = "Ada Lovelace <ada@freemail.example>";
  return record;
}

void write_detections(const std::filesystem::path& folder,
                      const std::vector<policy::DetectionRecord>& records) {
  const auto database = gateway::DetectionDatabase::open(folder);
  if (!database.has_value() || !(*database)->write(records).has_value()) {
    throw std::runtime_error{"detections cannot be written"};
  }
}

void write_octets(const std::filesystem::path& folder,
                  const std::string& key,
                  std::string_view octets) {
  rocksdb::DB* opened = nullptr;
  const auto open = rocksdb::DB::Open(rocksdb::Options{}, folder.string(), &opened);
  const std::unique_ptr<rocksdb::DB> database{opened};
  if (!open.ok() ||
      !database->Put(rocksdb::WriteOptions{}, key, rocksdb::Slice{octets.data(), octets.size()})
           .ok()) {
    throw std::runtime_error{"a record cannot be written"};
  }
}

}  // namespace tests
