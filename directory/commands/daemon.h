// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/access_control.h"
#include "directory/api/events.h"
#include "directory/detections/detections.h"
#include "directory/dns/public_dns.h"
#include "directory/jobs/jobs.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/messages/message_puller.h"
#include "directory/notify/notifier.h"
#include "directory/posture/posture_scanner.h"
#include "directory/provisioning/provisioner.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/synchronizer.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace directory {

/// The parts of the daemon, opened in order and closed in reverse. Holds the locks of the state and
/// of the snapshots folder.
class Daemon {
 public:
  /// `folder` is that of directory.yaml; settings and log must outlive the daemon. `kBusy` if
  /// another process has the state.
  [[nodiscard]] static policy::Result<std::unique_ptr<Daemon>> open(
      const Executor& executor,
      const Settings& settings,
      const std::filesystem::path& folder,
      const policy::EventLog& log);

  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  Daemon(Daemon&&) = delete;
  Daemon& operator=(Daemon&&) = delete;
  ~Daemon() = default;

  [[nodiscard]] Synchronizer& synchronizer() { return *synchronizer_; }

  [[nodiscard]] StateDatabase& database() { return *database_; }

  [[nodiscard]] DirectoryContent& content() { return content_; }

  [[nodiscard]] Records& records() { return records_; }

  [[nodiscard]] Jobs& jobs() { return jobs_; }

  [[nodiscard]] EventHub& events() { return events_; }

  [[nodiscard]] AccessControl& access() { return *access_; }

  [[nodiscard]] DomainWatch& domain_watch() { return domain_watch_; }

  [[nodiscard]] Provisioner& provisioner() { return *provisioner_; }

  [[nodiscard]] PostureScanner& posture() { return *posture_; }

  [[nodiscard]] Notifier& notifier() { return *notifier_; }

  [[nodiscard]] MessagePuller& pulls() { return *pulls_; }

  /// Null where the settings name none.
  [[nodiscard]] Detections* detections() {
    return detections_.has_value() ? &*detections_ : nullptr;
  }

 private:
  [[nodiscard]] Provisioner::Parts provisioning_parts(const Settings& settings,
                                                      const policy::EventLog& log);
  [[nodiscard]] PostureScanner::Parts posture_parts(const policy::EventLog& log);
  void read_detections(const Settings& settings);
  [[nodiscard]] Notifier::Parts notifier_parts(const Settings& settings,
                                               const policy::EventLog& log);
  [[nodiscard]] MessagePuller::Parts pulling_parts(const policy::EventLog& log);

  Daemon(const Executor& executor,
         const Settings& settings,
         Publisher publisher,
         std::unique_ptr<StateDatabase> database,
         DirectoryContent content)
      : events_(executor),
        publisher_(std::move(publisher)),
        database_(std::move(database)),
        content_(std::move(content)),
        records_(*database_),
        dns_(settings.dns),
        domain_watch_(dns_, *database_, gateway_identity(settings)) {}

  EventHub events_;
  Publisher publisher_;
  std::unique_ptr<StateDatabase> database_;
  DirectoryContent content_;
  Records records_;
  Jobs jobs_;
  PublicDns dns_;
  DomainWatch domain_watch_;
  std::unique_ptr<AccessControl> access_;
  std::optional<Detections> detections_;
  std::unique_ptr<Synchronizer> synchronizer_;
  std::unique_ptr<Provisioner> provisioner_;
  std::unique_ptr<PostureScanner> posture_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<MessagePuller> pulls_;
};

}  // namespace directory
