// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/event.h"

#include "policy/name/visible_text.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

namespace policy {
namespace {

constexpr std::array kEvents{
    EventDescription{.name = "started", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "stopping", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "stopped", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "handed_over", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "hand_over_failed",
                     .level = LogLevel::kError,
                     .advice = "this process serves on as before; mend what the new one objected "
                               "to, above, and reload again"},
    EventDescription{.name = "detection", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "exception", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "shadow_difference", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "detections_failed",
                     .level = LogLevel::kError,
                     .advice = "mail is judged as before and detections wait; mend `detections` "
                               "of gateway.yaml and it is tried again"},
    EventDescription{.name = "detections_resumed", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "detections_removed_early",
                     .level = LogLevel::kWarning,
                     .advice =
                         "detections are gone before `keep_detections.age` since there was no "
                         "room for them; raise `keep_detections.size` of gateway.yaml"},
    EventDescription{.name = "detections_unreadable",
                     .level = LogLevel::kWarning,
                     .advice = "let the group of this daemon read the folder `detections` of the "
                               "gateway; it is tried again"},
    EventDescription{
        .name = "message_degraded",
        .level = LogLevel::kWarning,
        .advice = "the message could not be judged; see why, and `degraded` in gateway.yaml"},
    EventDescription{.name = "outbound_refused",
                     .level = LogLevel::kWarning,
                     .advice = "if it is a tenant of yours, see that its transport rule adds the "
                               "tenant's header and its connector points to this relay"},
    EventDescription{.name = "routing_loop",
                     .level = LogLevel::kWarning,
                     .advice = "in Exchange the domain must be of type Authoritative, and no "
                               "OnPremises connector may name this relay"},
    EventDescription{.name = "outbound_tenants_read", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "outbound_tenants_refused",
                     .level = LogLevel::kError,
                     .advice = "the last good tenants stay in force; without any, outbound mail is "
                               "deferred; run fromguard-gateway check"},
    EventDescription{.name = "policy_reloaded", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "policy_refused",
                     .level = LogLevel::kError,
                     .advice = "the last good policy stays in force; run fromguard-gateway check"},
    EventDescription{.name = "snapshot_opened", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{
        .name = "snapshot_refused",
        .level = LogLevel::kError,
        .advice = "the last good generation stays in force; see fromguard-directory's log"},
    EventDescription{
        .name = "snapshot_missing",
        .level = LogLevel::kError,
        .advice = "start fromguard-directory; until then degraded.no_snapshot applies"},
    EventDescription{
        .name = "snapshot_older",
        .level = LogLevel::kWarning,
        .advice = "the new generation has a lower number; was the state restored from a backup?"},
    EventDescription{.name = "listen_failed",
                     .level = LogLevel::kError,
                     .advice = "free the address or change `listen`"},
    EventDescription{.name = "certificate_taken", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "certificate_refused",
                     .level = LogLevel::kError,
                     .advice = "the last good certificate stays in force; correct the files that "
                               "`api.tls` names"},
    EventDescription{.name = "certificate_warning",
                     .level = LogLevel::kWarning,
                     .advice = "renew the certificate that `api.tls` names"},
    EventDescription{.name = "authentication_failed",
                     .level = LogLevel::kError,
                     .advice = "SPF, DKIM and DMARC cannot be worked out; correct `dns` or the "
                               "installation"},
    EventDescription{
        .name = "helper_failed",
        .level = LogLevel::kWarning,
        .advice = "a check of SPF, DKIM or DMARC ended early and counts as not available"},
    EventDescription{.name = "internal_error",
                     .level = LogLevel::kError,
                     .advice = "please report it with this line"},
    EventDescription{.name = "limit_reached", .level = LogLevel::kWarning, .advice = ""},
    EventDescription{.name = "configuration_warning", .level = LogLevel::kWarning, .advice = ""},
    EventDescription{.name = "directory_read", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{
        .name = "directory_failed",
        .level = LogLevel::kError,
        .advice = "its people stay as they were; mend the source and it is read again"},
    EventDescription{.name = "full_resync", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "hygiene_warning", .level = LogLevel::kWarning, .advice = ""},
    EventDescription{.name = "generation_published", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "generation_unchanged", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{
        .name = "publish_failed",
        .level = LogLevel::kError,
        .advice = "the last generation stays in force; mend the cause and it is tried again"},
    EventDescription{.name = "relay_export_failed",
                     .level = LogLevel::kError,
                     .advice =
                         "Postfix keeps the tables it has; mend the cause, then change or sync "
                         "something"},
    EventDescription{.name = "leftovers_swept", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "token_request_retried", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "token_refused", .level = LogLevel::kWarning, .advice = ""},
    EventDescription{.name = "graph_request_retried", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "graph_request_failed", .level = LogLevel::kWarning, .advice = ""},
    EventDescription{.name = "exchange_retried", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "exchange_failed", .level = LogLevel::kWarning, .advice = ""},
    EventDescription{.name = "exchange_changed", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "posture_scanned", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "posture_scan_failed",
                     .level = LogLevel::kWarning,
                     .advice = "the scan goes on where it was, in a quarter of an hour or with: "
                               "fromguard-directory posture scan"},
    EventDescription{.name = "messages_pulled", .level = LogLevel::kInfo, .advice = ""},
    EventDescription{.name = "message_pull_failed",
                     .level = LogLevel::kWarning,
                     .advice =
                         "what could not be reached is tried again for a day; see which with: "
                         "fromguard-directory messages list"},
    EventDescription{.name = "set_up_waits",
                     .level = LogLevel::kInfo,
                     .advice = "nobody can sign in to the console yet; make the first account with "
                               "the link of: fromguard-directory setup-link"},
    EventDescription{.name = "delivery_failed",
                     .level = LogLevel::kWarning,
                     .advice =
                         "it is tried again until it works, and nothing is lost meanwhile; see: "
                         "fromguard-directory notifications sinks"},
    EventDescription{.name = "delivery_resumed", .level = LogLevel::kInfo, .advice = ""},
};
static_assert(kEvents.size() == static_cast<std::size_t>(EventId::kDeliveryResumed) + 1);

std::string_view level_word(LogLevel level) {
  switch (level) {
    case LogLevel::kError: return "error";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kInfo: return "info";
    case LogLevel::kDebug: return "debug";
  }
  return "error";
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"=\\,;") != std::string_view::npos;
}

void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line += '\\';
    }
    line += c;
  }
  line += '"';
}

void append_text_value(std::string& line, std::string_view raw) {
  const std::string text = visible_text(raw);
  if (needs_quotes(text)) {
    append_quoted(line, text);
  } else {
    line += text;
  }
}

void append_field(std::string& line, const EventField& field) {
  line += ' ';
  line += field.key;
  line += '=';
  if (const auto* text = std::get_if<std::string_view>(&field.value); text != nullptr) {
    append_text_value(line, *text);
  } else {
    std::visit([&](const auto& value) { fmt::format_to(std::back_inserter(line), "{}", value); },
               field.value);
  }
}

std::string format_text(const EventDescription& event,
                        std::span<const EventField> fields,
                        std::string_view queue_id) {
  std::string line;
  if (!queue_id.empty()) {
    append_text_value(line, queue_id);
    line += ": ";
  }
  line += event.name;
  for (const EventField& field : fields) {
    append_field(line, field);
  }
  if (!event.advice.empty()) {
    line += " advice=";
    append_quoted(line, event.advice);
  }
  return line;
}

void set_member(boost::json::object& line, const EventField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value); text != nullptr) {
    line[field.key] = visible_text(*text);
  } else {
    std::visit([&](const auto& value) { line[field.key] = value; }, field.value);
  }
}

std::string format_json(const EventDescription& event,
                        std::span<const EventField> fields,
                        std::string_view queue_id) {
  boost::json::object line;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto milliseconds = now.time_since_epoch().count() % 1000;
  line["time"] = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                             fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                             milliseconds);
  line["level"] = level_word(event.level);
  line["event"] = event.name;
  if (!queue_id.empty()) {
    line["queue_id"] = visible_text(queue_id);
  }
  for (const EventField& field : fields) {
    set_member(line, field);
  }
  if (!event.advice.empty()) {
    line["advice"] = event.advice;
  }
  return boost::json::serialize(line);
}

}  // namespace

const EventDescription& describe(EventId id) {
  return kEvents.at(static_cast<std::size_t>(id));
}

std::string format_event(LogFormat format,
                         EventId id,
                         std::span<const EventField> fields,
                         std::string_view queue_id) {
  const EventDescription& event = describe(id);
  return format == LogFormat::kJson ? format_json(event, fields, queue_id)
                                    : format_text(event, fields, queue_id);
}

EventLog::EventLog(LogLevel most_verbose, LogFormat format)
    : most_verbose_(most_verbose),
      format_(format),
      // Read once, before any thread is started.
      has_journal_(std::getenv("JOURNAL_STREAM") != nullptr) {}  // NOLINT(concurrency-mt-unsafe)

void EventLog::write(EventId id,
                     std::span<const EventField> fields,
                     std::string_view queue_id) const {
  const LogLevel level = describe(id).level;
  if (level > most_verbose_) {
    return;
  }
  std::string line = format_event(format_, id, fields, queue_id);
  if (has_journal_) {
    line.insert(0, fmt::format("<{}>", static_cast<int>(level)));
  }
  line += '\n';
  // Nobody is left to tell when standard error itself fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void EventLog::write(EventId id,
                     std::initializer_list<EventField> fields,
                     std::string_view queue_id) const {
  write(id, std::span{fields.begin(), fields.size()}, queue_id);
}

}  // namespace policy
