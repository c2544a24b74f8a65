// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detections.h"
#include "directory/notify/delivery.h"
#include "directory/notify/digest.h"
#include "directory/notify/mail_sink.h"
#include "directory/notify/notify_control.h"
#include "directory/notify/sink.h"
#include "directory/notify/sink_state.h"
#include "directory/notify_settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace directory {

/// Delivers to every sink what it is to be told, in order and again until it is taken. Each sink
/// goes on by itself: one that fails holds up no other. To be used on the daemon's thread.
class Notifier final : public NotifyControl {
 public:
  /// All of it must outlive the notifier.
  struct Parts {
    const NotifySettings* settings = nullptr;
    StateDatabase* database = nullptr;
    Records* records = nullptr;
    const Detections* detections = nullptr;  ///< null where directory.yaml names none
    const SyncControl* control = nullptr;
    const DirectoryContent* content = nullptr;
    const policy::EventLog* log = nullptr;

    // How long is waited: other times are for tests.
    std::chrono::milliseconds look = std::chrono::seconds{1};  ///< for something to deliver
    /// After a failure: a random pause up to `retry_first`, twice that, and so on.
    std::chrono::milliseconds retry_first = std::chrono::seconds{2};
    std::chrono::milliseconds retry_longest = std::chrono::minutes{5};
    std::chrono::milliseconds slowly = std::chrono::minutes{5};  ///< while a person is needed
    std::chrono::milliseconds longest_asked = std::chrono::hours{1};
    std::chrono::seconds between_mails = std::chrono::minutes{1};
  };

  /// Attempts that fail before people are told.
  static constexpr int kAttemptsUntold = 3;

  /// A sink that is not known yet begins with what happens from now on.
  [[nodiscard]] static policy::Result<std::unique_ptr<Notifier>> open(const Executor& executor,
                                                                      Parts parts);

  /// Delivers from now on, for ever. The executor must not run on once the notifier is destroyed.
  void start(const Executor& executor);

  [[nodiscard]] policy::Result<std::vector<SinkStanding>> standings() const override;
  [[nodiscard]] Task<policy::Result<SinkTest>> test(std::string name) override;

 private:
  // A sink and how it is doing.
  struct Member {
    std::unique_ptr<Sink> sink;
    SinkState state;
    int attempts = 0;  // that failed in a row
    bool is_off = false;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
  };

  explicit Notifier(Parts parts) : parts_(parts) {}

  void add_sinks(const Executor& executor);
  [[nodiscard]] policy::Result<void> begin(Member& member, std::int64_t now) const;

  [[nodiscard]] Task<void> run(Member& member) const;
  [[nodiscard]] Task<std::chrono::milliseconds> deliver_next(Member& member) const;
  [[nodiscard]] std::chrono::milliseconds take(Member& member,
                                               const Delivery& delivery,
                                               const Outcome& outcome) const;
  void succeed(Member& member, const SinkState& taken) const;
  void fail(Member& member, const Outcome& outcome) const;
  void tell_failing(Member& member, const Outcome& outcome) const;
  [[nodiscard]] std::chrono::milliseconds pause(const Member& member, const Outcome& outcome) const;
  void keep(const Member& member, const SinkState& before) const;

  Parts parts_;
  MailThread thread_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace directory
