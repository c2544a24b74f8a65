// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify_settings.h"

#include "directory/directory_settings.h"
#include "directory/http/url.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::MappingReader;
using policy::Problems;
using policy::YamlValue;
using Digest = MailSettings::Digest;

// What the entries of `notify` have in common.
class SinkReader {
 public:
  SinkReader(const std::filesystem::path& folder,
             const std::set<std::string>& organizations,
             Problems& problems)
      : folder_(&folder), organizations_(&organizations), problems_(&problems) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return *folder_; }

  [[nodiscard]] Problems& problems() const { return *problems_; }

  // The entries of a list, if it is there.
  [[nodiscard]] std::vector<YamlValue> entries(MappingReader& reader, std::string_view key) const {
    const auto value = reader.value(key);
    if (!value.has_value()) {
      return {};
    }
    if (value->kind() != YamlValue::Kind::kSequence) {
      reader.error(key, fmt::format("'{}' must be a list; write '- name: soc' below it", key));
      return {};
    }
    return {value->items().begin(), value->items().end()};
  }

  [[nodiscard]] std::string name(MappingReader& reader) {
    std::string name = required_text(reader, "name");
    if (!name.empty() && !names_.insert(name).second) {
      reader.error("name",
                   fmt::format("there are two sinks {}; give each its own name",
                               policy::quoted_excerpt(name)));
    }
    return name;
  }

  [[nodiscard]] SinkScope scope(MappingReader& reader) const {
    SinkScope scope;
    const auto names = reader.strings("organizations").value_or(std::vector<std::string>{});
    for (const std::string& each : names) {
      if (!organizations_->contains(each)) {
        reader.error("organizations",
                     fmt::format("there is no organization {}; write one of those of "
                                 "'organizations' at the top level",
                                 policy::quoted_excerpt(each)));
      }
      scope.organizations.insert(each);
    }
    return scope;
  }

 private:
  const std::filesystem::path* folder_;
  const std::set<std::string>* organizations_;
  Problems* problems_;
  std::set<std::string> names_;
};

// The words of `events`; absent if the key is.
std::optional<std::set<std::string>> read_events(MappingReader& reader,
                                                 const std::vector<std::string_view>& words) {
  const auto given = reader.strings("events");
  if (!given.has_value()) {
    return std::nullopt;
  }
  for (const std::string& each : *given) {
    if (std::ranges::find(words, each) == words.end()) {
      reader.error("events",
                   fmt::format("{} is no event here; write {} or {}",
                               policy::quoted_excerpt(each),
                               words.front(),
                               words.back()));
    }
  }
  return std::set<std::string>{given->begin(), given->end()};
}

std::string read_url(MappingReader& reader) {
  std::string text = required_text(reader, "url");
  if (text.empty()) {
    return text;
  }
  const auto url = Url::parse(text);
  if (!url.has_value()) {
    reader.error("url", url.error().message);
  } else if (url->origin().scheme != "https" && !url->is_loopback()) {
    reader.error("url",
                 "'url' would send what is found here over the network in clear; write https://, "
                 "or http:// with a loopback address");
  }
  return text;
}

WebhookSettings read_webhook(const YamlValue& value, SinkReader& sinks) {
  MappingReader reader{value, sinks.problems()};
  WebhookSettings webhook;
  webhook.name = sinks.name(reader);
  webhook.url = read_url(reader);
  if (const auto path = reader.string("ca"); path.has_value()) {
    webhook.authorities = (sinks.folder() / *path).lexically_normal();
  }
  const std::string secret = required_text(reader, "secret");
  webhook.secret = credential_path(sinks.folder(), secret);
  const auto events = read_events(reader, {"notification", "detection"});
  if (events.has_value()) {
    webhook.takes_notifications = events->contains("notification");
    webhook.takes_detections = events->contains("detection");
  }
  webhook.scope = sinks.scope(reader);
  reader.finish();
  return webhook;
}

// An address that may stand in SMTP and in a header field as it is.
std::string checked_address(MappingReader& reader, std::string_view key, const std::string& text) {
  auto address = policy::parse_configured_address(text);
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!address.has_value()) {
    reader.error(key, address.error().message);
    return {};
  }
  if (!is_ascii || text.find_first_of("<>(),;:\\\"") != std::string::npos) {
    reader.error(key,
                 fmt::format("{} has characters that need quoting; write an address in plain ASCII",
                             policy::quoted_excerpt(text)));
    return {};
  }
  return *std::move(address);
}

void read_smtp(MappingReader& reader, MailSettings& mail) {
  const auto text = reader.string("smtp");
  if (!text.has_value()) {
    return;
  }
  const auto address = policy::parse_socket_address(*text);
  if (!address.has_value() || !address->is_loopback()) {
    reader.error("smtp",
                 "'smtp' is the mail server of this machine, by a loopback address and its port: "
                 "127.0.0.1:25");
    return;
  }
  mail.smtp = *address;
}

// Digits alone; nothing for anything else.
std::optional<int> number_of(std::string_view digits) {
  int number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') {
      return std::nullopt;
    }
    number = number * 10 + (digit - '0');
  }
  return number;
}

// `07:00` as the time since midnight.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  constexpr std::size_t kOctets = 5;
  constexpr std::size_t kColon = 2;
  constexpr int kHours = 24;
  constexpr int kMinutes = 60;
  if (text.size() != kOctets || text[kColon] != ':') {
    return std::nullopt;
  }
  const std::optional<int> hours = number_of(text.substr(0, kColon));
  const std::optional<int> minutes = number_of(text.substr(kColon + 1));
  if (!hours.has_value() || *hours >= kHours || !minutes.has_value() || *minutes >= kMinutes) {
    return std::nullopt;
  }
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
}

void read_digest(MappingReader& reader, MailSettings& mail) {
  constexpr std::array<std::pair<std::string_view, Digest>, 3> kDigests{
      {{"daily", Digest::kDaily}, {"weekly", Digest::kWeekly}, {"none", Digest::kNone}}};
  mail.digest = reader.word<Digest>("digest", kDigests).value_or(Digest::kNone);
  const auto text = reader.string("at");
  if (!text.has_value()) {
    return;
  }
  const auto at = time_of_day(*text);
  if (!at.has_value()) {
    reader.error("at", "'at' is a time of day in UTC, in quotes: \"07:00\"");
    return;
  }
  if (mail.digest == Digest::kNone) {
    reader.warning("at", "'at' has no effect without 'digest: daily' or 'digest: weekly'");
  }
  mail.digest_at = *at;
}

MailSettings read_mail(const YamlValue& value, SinkReader& sinks) {
  MappingReader reader{value, sinks.problems()};
  MailSettings mail;
  mail.name = sinks.name(reader);
  read_smtp(reader, mail);
  mail.from = checked_address(reader, "from", required_text(reader, "from"));
  reader.require("to");
  for (const std::string& each : reader.strings("to").value_or(std::vector<std::string>{})) {
    mail.to.push_back(checked_address(reader, "to", each));
  }
  const auto events = read_events(reader, {"notification", "none"});
  mail.takes_notifications = !events.has_value() || events->contains("notification");
  if (events.has_value() && events->size() > 1) {
    reader.error("events", "'events' is notification or none, not both");
  }
  read_digest(reader, mail);
  if (!mail.takes_notifications && mail.digest == Digest::kNone) {
    reader.warning("events", "nothing is ever sent: 'events' is none and there is no 'digest'");
  }
  mail.scope = sinks.scope(reader);
  reader.finish();
  return mail;
}

}  // namespace

NotifySettings read_notify(MappingReader& reader,
                           const std::filesystem::path& folder,
                           const std::set<std::string>& organizations,
                           Problems& problems) {
  NotifySettings settings;
  auto mapping = reader.mapping("notify");
  if (!mapping.has_value()) {
    return settings;
  }
  SinkReader sinks{folder, organizations, problems};
  for (const YamlValue& each : sinks.entries(*mapping, "webhooks")) {
    settings.webhooks.push_back(read_webhook(each, sinks));
  }
  for (const YamlValue& each : sinks.entries(*mapping, "mail")) {
    settings.mail.push_back(read_mail(each, sinks));
  }
  mapping->finish();
  return settings;
}

}  // namespace directory
