// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/directory_json.h"

#include "directory/jobs/jobs.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace directory {

void add_source(boost::json::object& object, const DirectorySettings& directory) {
  if (const auto* csv = std::get_if<CsvSource>(&directory.source)) {
    object["type"] = "csv";
    object["path"] = csv->path.string();
    return;
  }
  const auto& office365 = std::get<Office365Source>(directory.source);
  object["type"] = "office365";
  object["tenant"] = office365.application.tenant;
  object["client_id"] = office365.application.client_id;
  boost::json::array features;
  for (const Feature feature : office365.features) {
    features.emplace_back(word_of(feature));
  }
  object["features"] = std::move(features);
}

void add_schedule(boost::json::object& object, const SyncSettings& sync) {
  object["every_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(sync.every).count();
  object["first"] = sync.first == FirstSync::kManual ? "manual" : "automatic";
}

bool is_syncing(const Jobs& jobs, const DirectoryKey& key) {
  return std::ranges::any_of(jobs.list(), [&](const Job& job) {
    return job.state == JobState::kRunning && (job.kind == "sync" || job.kind == "provision") &&
           job.subject == name_of(key);
  });
}

bool has_running_job(const Jobs& jobs, const DirectoryKey& key) {
  return std::ranges::any_of(jobs.list(), [&](const Job& job) {
    return job.state == JobState::kRunning && job.subject == name_of(key);
  });
}

}  // namespace directory
