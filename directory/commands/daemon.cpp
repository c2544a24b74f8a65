// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/daemon.h"

#include "directory/accounts/access_control.h"
#include "directory/api/events.h"
#include "directory/clock.h"
#include "directory/messages/message_puller.h"
#include "directory/notify/notifier.h"
#include "directory/posture/posture_scanner.h"
#include "directory/provisioning/provisioner.h"
#include "directory/publish/publisher.h"
#include "directory/relay/relay_export.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "directory/sync/synchronizer.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/mail_records/public_suffix_list.h"
#include "policy/result.h"

#include <expected>
#include <filesystem>
#include <memory>
#include <utility>

namespace directory {
namespace {

constexpr const char* kDatabaseFolder = "database";
constexpr const char* kSecondaryFolder = "detections-secondary";
// Of Debian's package publicsuffix.
constexpr const char* kPublicSuffixes = "/usr/share/publicsuffix/public_suffix_list.dat";

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
                                            parts->provisioner_->export_tenants();
                                          }});
  if (!synchronizer.has_value()) {
    return std::unexpected{std::move(synchronizer).error()};
  }
  daemon->access_ = *std::move(access);
  daemon->synchronizer_ = *std::move(synchronizer);
  daemon->provisioner_ =
      std::make_unique<Provisioner>(executor, parts->provisioning_parts(settings, log));
  daemon->posture_ = std::make_unique<PostureScanner>(executor, parts->posture_parts(log));
  daemon->pulls_ = std::make_unique<MessagePuller>(executor, parts->pulling_parts(log));
  daemon->read_detections(settings);
  auto notifier = Notifier::open(executor, parts->notifier_parts(settings, log));
  if (!notifier.has_value()) {
    return std::unexpected{std::move(notifier).error()};
  }
  daemon->notifier_ = *std::move(notifier);
  return daemon;
}

void Daemon::read_detections(const Settings& settings) {
  if (!settings.detections.empty()) {
    detections_.emplace(settings.detections, settings.state / kSecondaryFolder);
    publish_detections(*detections_, events_);
  }
}

Notifier::Parts Daemon::notifier_parts(const Settings& settings, const policy::EventLog& log) {
  Notifier::Parts parts;
  parts.settings = &settings.notify;
  parts.database = database_.get();
  parts.records = &records_;
  parts.detections = detections();
  parts.control = synchronizer_.get();
  parts.content = &content_;
  parts.log = &log;
  return parts;
}

Provisioner::Parts Daemon::provisioning_parts(const Settings& settings,
                                              const policy::EventLog& log) {
  Provisioner::Parts parts;
  parts.settings = &settings;
  parts.database = database_.get();
  parts.records = &records_;
  parts.jobs = &jobs_;
  parts.control = synchronizer_.get();
  parts.tenant_of = [this](const DirectoryKey& key) { return synchronizer_->tenant(key); };
  parts.watch = &domain_watch_;
  parts.log = &log;
  return parts;
}

MessagePuller::Parts Daemon::pulling_parts(const policy::EventLog& log) {
  MessagePuller::Parts parts;
  parts.database = database_.get();
  parts.records = &records_;
  parts.jobs = &jobs_;
  parts.control = synchronizer_.get();
  parts.tenant_of = [this](const DirectoryKey& key) { return synchronizer_->tenant(key); };
  parts.log = &log;
  return parts;
}

PostureScanner::Parts Daemon::posture_parts(const policy::EventLog& log) {
  PostureScanner::Parts parts;
  parts.database = database_.get();
  parts.content = &content_;
  parts.records = &records_;
  parts.jobs = &jobs_;
  parts.control = synchronizer_.get();
  parts.tenant_of = [this](const DirectoryKey& key) { return synchronizer_->tenant(key); };
  parts.dns = &dns_;
  // Without the list DMARC is looked for along the tree of names.
  parts.suffixes = policy::PublicSuffixList::load(kPublicSuffixes).value_or(nullptr);
  parts.log = &log;
  return parts;
}

}  // namespace directory
