// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace policy {

/// How loud an event is, as syslog and journald rank it.
enum class LogLevel { kError = 3, kWarning = 4, kInfo = 6, kDebug = 7 };

/// How log lines are written.
enum class LogFormat { kText, kJson };

/// Every event the daemons log. A closed list: `describe` gives each its name, level and advice.
enum class EventId {
  kStarted,
  kStopping,
  kStopped,
  kHandedOver,
  kHandOverFailed,
  kDetection,
  kException,
  kShadowDifference,
  kDetectionsFailed,
  kDetectionsResumed,
  kDetectionsRemovedEarly,
  kDetectionsUnreadable,
  kMessageDegraded,
  kOutboundRefused,
  kRoutingLoop,
  kOutboundTenantsRead,
  kOutboundTenantsRefused,
  kPolicyReloaded,
  kPolicyRefused,
  kSnapshotOpened,
  kSnapshotRefused,
  kSnapshotMissing,
  kSnapshotOlder,
  kListenFailed,
  kCertificateTaken,
  kCertificateRefused,
  kCertificateWarning,
  kAuthenticationFailed,
  kHelperFailed,
  kInternalError,
  kLimitReached,
  kConfigurationWarning,
  kDirectoryRead,
  kDirectoryFailed,
  kFullResync,
  kHygieneWarning,
  kGenerationPublished,
  kGenerationUnchanged,
  kPublishFailed,
  kRelayExportFailed,
  kLeftoversSwept,
  kTokenRequestRetried,
  kTokenRefused,
  kGraphRequestRetried,
  kGraphRequestFailed,
  kExchangeRetried,
  kExchangeFailed,
  kExchangeChanged,
  kPostureScanned,
  kPostureScanFailed,
  kMessagesPulled,
  kMessagePullFailed,
  kSetUpWaits,
  kDeliveryFailed,
  kDeliveryResumed,
};

/// What is fixed about an event.
struct EventDescription {
  std::string_view name;  ///< snake_case, stable: people grep for it
  LogLevel level;
  std::string_view advice;  ///< what the operator should do; empty if nothing
};

/// The fixed part of `id`.
[[nodiscard]] const EventDescription& describe(EventId id);

/// One `key=value` of a log line. Text may hold anything: it is escaped when written.
struct EventField {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;
};

/// Writes events to standard error, one line and one write(2) each, so that lines of several
/// threads never mix. Under systemd each line is prefixed with its journald priority. Thread-safe.
class EventLog {
 public:
  EventLog(LogLevel most_verbose, LogFormat format);

  /// Writes the event if its level is loud enough. `queue_id` comes first on the line, as Postfix
  /// writes it; empty for none.
  void write(EventId id, std::span<const EventField> fields, std::string_view queue_id = {}) const;

  void write(EventId id,
             std::initializer_list<EventField> fields,
             std::string_view queue_id = {}) const;

 private:
  LogLevel most_verbose_;
  LogFormat format_;
  bool has_journal_;
};

/// The line that `EventLog` writes for this event, without priority prefix and line end.
[[nodiscard]] std::string format_event(LogFormat format,
                                       EventId id,
                                       std::span<const EventField> fields,
                                       std::string_view queue_id);

}  // namespace policy
