// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/daemon.h"

#include "directory/accounts/access_control.h"
#include "directory/api/events.h"
#include "directory/clock.h"
#include "directory/detections/detections.h"
#include "directory/publish/publisher.h"
#include "directory/relay/relay_export.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/state_database.h"
#include "directory/sync/synchronizer.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <expected>
#include <filesystem>
#include <memory>
#include <utility>

namespace directory {
namespace {

constexpr const char* kDatabaseFolder = "database";
constexpr const char* kSecondaryFolder = "detections-secondary";

}  // namespace

policy::Result<std::unique_ptr<Daemon>> Daemon::open(const Executor& executor,
                                                     const Settings& settings,
                                                     const std::filesystem::path& folder,
                                                     const policy::EventLog& log) {
  auto publisher = Publisher::open({.state = settings.state,
                                    .snapshots = settings.snapshots,
                                    .keep_generations = settings.keep_generations},
                                   log);
  if (!publisher.has_value()) {
    return std::unexpected{std::move(publisher).error()};
  }
  auto database = StateDatabase::open(settings.state / kDatabaseFolder);
  if (!database.has_value()) {
    return std::unexpected{std::move(database).error()};
  }
  auto content = DirectoryContent::open(**database);
  if (!content.has_value()) {
    return std::unexpected{std::move(content).error()};
  }
  auto access = AccessControl::open(**database, now_in_seconds());
  if (!access.has_value()) {
    return std::unexpected{std::move(access).error()};
  }
  std::unique_ptr<Daemon> daemon{new Daemon{
      executor, settings, *std::move(publisher), *std::move(database), *std::move(content)}};
  publish_changes(daemon->jobs_, daemon->records_, daemon->events_);
  Daemon* const parts = daemon.get();
  auto synchronizer = Synchronizer::open(executor,
                                         {.settings = &settings,
                                          .folder = folder,
                                          .database = parts->database_.get(),
                                          .content = &parts->content_,
                                          .records = &parts->records_,
                                          .jobs = &parts->jobs_,
                                          .publisher = &parts->publisher_,
                                          .log = &log,
                                          .after_change = [parts, &settings, &log] {
                                            export_relay(settings,
                                                         parts->synchronizer_->organizations(),
                                                         parts->records_,
                                                         parts->database_->snapshot(),
                                                         log);
                                          }});
  if (!synchronizer.has_value()) {
    return std::unexpected{std::move(synchronizer).error()};
  }
  daemon->access_ = *std::move(access);
  daemon->synchronizer_ = *std::move(synchronizer);
  if (!settings.detections.empty()) {
    Detections& detections =
        daemon->detections_.emplace(settings.detections, settings.state / kSecondaryFolder);
    publish_detections(detections, daemon->events_);
  }
  return daemon;
}

}  // namespace directory
