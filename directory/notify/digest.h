// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detection_counts.h"
#include "directory/detections/detections.h"
#include "directory/notify/mail_message.h"
#include "directory/notify_settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace directory {

/// Some whole days, UTC.
struct DigestPeriod {
  std::int64_t first_day = 0;  ///< days since 1970-01-01
  std::size_t days = 1;

  friend bool operator==(const DigestPeriod&, const DigestPeriod&) = default;
};

/// The last time at or before `now` at which this digest was due, in seconds since 1970; weekly
/// ones are due on Mondays.
[[nodiscard]] std::int64_t digest_due(const MailSettings& settings, std::int64_t now);

/// Whether the digest due at `due` is to be sent where the last one was due at `last`. One that was
/// due further ahead than any can be was sent by a clock that was wrong.
[[nodiscard]] bool is_digest_due(std::int64_t last, std::int64_t due);

/// The days that the digest due at `due` tells of, if the one before was due at `last`: those
/// since, at least one or seven, at most as many as are counted. The day of `due` is not among
/// them.
[[nodiscard]] DigestPeriod digest_period(const MailSettings& settings,
                                         std::int64_t last,
                                         std::int64_t due);

/// How a directory stands.
struct DigestDirectory {
  std::string name;  ///< ORGANIZATION/NAME
  std::uint64_t users = 0;
  std::int64_t last_success = 0;  ///< seconds since 1970; 0: never
  std::string failure;            ///< of the last attempt; empty if it worked
};

/// What a digest tells.
struct DigestFacts {
  DigestPeriod period;
  bool is_reading = false;  ///< the gateway's detections are read
  std::uint64_t total = 0;
  std::map<std::string, std::uint64_t> findings;
  std::map<std::string, std::uint64_t> dispositions;
  std::vector<std::pair<std::string, std::uint64_t>> organizations;
  Ranking people;                        ///< those shown most often
  Ranking senders;                       ///< the addresses seen most often
  std::vector<Notification> unresolved;  ///< warnings and errors, the newest first
  std::vector<DigestDirectory> directories;
};

/// Where the facts are from. All of it outlives the sink.
struct DigestSources {
  const Records* records = nullptr;
  const Detections* detections = nullptr;  ///< null where directory.yaml names none
  const SyncControl* control = nullptr;
  const DirectoryContent* content = nullptr;
};

/// What there is to tell of these days to whoever may be told of this scope.
[[nodiscard]] policy::Result<DigestFacts> digest_facts(const DigestSources& sources,
                                                       const SinkScope& scope,
                                                       const DigestPeriod& period);

[[nodiscard]] MailText digest_mail(const DigestFacts& facts);

}  // namespace directory
