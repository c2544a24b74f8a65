// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/pull_request.h"

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/directory_meant.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/detections/detections.h"
#include "directory/messages/message_target.h"
#include "directory/messages/pull_control.h"
#include "directory/messages/pull_record.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/sync/sync_control.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

// The clocks of gateway and Exchange may differ, and a queue may hold a message for days.
constexpr std::int64_t kBefore = std::chrono::seconds{std::chrono::hours{1}}.count();
constexpr std::int64_t kAfter = std::chrono::seconds{std::chrono::hours{24 * 6}}.count();

// The fields as they came.
struct Given {
  std::optional<std::string> detection;
  std::optional<std::string> message_id;
  std::vector<std::string> recipients;
  std::optional<std::string> sender;
  std::optional<std::string> subject;
  std::string directory;
  std::string destination;
};

std::expected<Given, Problem> read_given(const std::string& body, bool takes_destination) {
  auto fields = RequestFields::parse(body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  Given given{.detection = fields->text("detection"),
              .message_id = fields->text("message_id"),
              .recipients = fields->texts("recipients").value_or(std::vector<std::string>{}),
              .sender = fields->text("sender"),
              .subject = fields->text("subject"),
              .directory = fields->text("directory").value_or(""),
              .destination = takes_destination ? fields->text("destination").value_or("") : ""};
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  if (given.detection.has_value() == given.message_id.has_value()) {
    return refuse_request("name either a detection or a message_id");
  }
  if (given.message_id.has_value() && given.recipients.empty()) {
    return refuse_request(
        "name the recipients whose mailboxes are to be searched; a whole tenant "
        "cannot be",
        "/recipients");
  }
  return given;
}

std::unexpected<Problem> no_detection(const std::string& id) {
  return refuse({.code = policy::ErrorCode::kNotFound,
                 .message = "there is no detection " + id + " (any more)"});
}

std::expected<policy::DetectionRecord, Problem> find_detection(const ApiServices& services,
                                                               const ApiRequest& request,
                                                               const std::string& text) {
  const auto id = policy::Ulid::parse(text);
  if (!id.has_value() || services.detections == nullptr) {
    return no_detection(text);
  }
  const auto found = services.detections->find(*id);
  if (!found.has_value()) {
    return refuse(found.error());
  }
  const std::optional<policy::DetectionRecord>& record = *found;
  if (!record.has_value() || !request.principal.may_see(record->organization)) {
    return no_detection(text);
  }
  return *record;
}

// The address that From has, if the detection tells: it may have been found in another field, or in
// a From that can be read in several ways.
std::string sender_of(const policy::DetectionRecord& record) {
  const bool is_author = record.field == "from" && (record.finding == "protected_name" ||
                                                    record.finding == "spoofed_address");
  return is_author ? policy::canonical_address(record.address) : "";
}

void take_detection(const policy::DetectionRecord& record, PullRequest& wanted) {
  wanted.detection = record.id.text();
  wanted.target.sender = sender_of(record);
  wanted.target.not_before = record.time - kBefore;
  wanted.target.not_after = record.time + kAfter;
  wanted.recipients.assign(record.recipients.begin(), record.recipients.end());
  wanted.unlisted = record.recipient_count -
                    std::min<std::uint64_t>(record.recipient_count, record.recipients.size());
}

// ORGANIZATION/NAME of the one directory of the organization that is used for pulling; empty if
// there is none or there are several.
std::string directory_of(const ApiServices& services, const std::string& organization) {
  std::vector<std::string> names;
  const auto* settings = find_organization(services.control->organizations(), organization);
  if (settings == nullptr) {
    return {};
  }
  for (const DirectorySettings& directory : settings->directories) {
    if (has_feature(directory, Feature::kPull)) {
      names.push_back(name_of({.organization = organization, .directory = directory.name}));
    }
  }
  return names.size() == 1 ? names.front() : std::string{};
}

std::expected<void, Problem> take_message_id(const std::string& text, MessageTarget& target) {
  auto message_id = parse_message_id(text);
  if (!message_id.has_value()) {
    return refuse_request(message_id.error().message, "/message_id");
  }
  target.message_id = *std::move(message_id);
  return {};
}

std::expected<void, Problem> take_addresses(const Given& given, PullRequest& wanted) {
  for (std::size_t i = 0; i < given.recipients.size(); ++i) {
    auto address = policy::parse_configured_address(given.recipients[i]);
    if (!address.has_value()) {
      return refuse_request(address.error().message, fmt::format("/recipients/{}", i));
    }
    wanted.recipients.push_back(*std::move(address));
  }
  if (const std::optional<std::string>& sender = given.sender; sender.has_value()) {
    auto address = policy::parse_configured_address(*sender);
    if (!address.has_value()) {
      return refuse_request(address.error().message, "/sender");
    }
    wanted.target.sender = *std::move(address);
  }
  wanted.target.subject = given.subject.value_or("");
  return {};
}

std::expected<PullDestination, Problem> destination_of(const std::string& word) {
  for (const PullDestination each :
       {PullDestination::kQuarantine, PullDestination::kRecoverableItems}) {
    if (word.empty() || word == word_of(each)) {
      return each;
    }
  }
  return refuse_request("destination is quarantine or recoverable_items", "/destination");
}

// Who and what; and of which organization the directory must be, empty: of any.
std::expected<std::string, Problem> take_what(const ApiServices& services,
                                              const ApiRequest& request,
                                              const Given& given,
                                              PullRequest& wanted) {
  std::string message_id = given.message_id.value_or("");
  std::string organization;
  if (const std::optional<std::string>& id = given.detection; id.has_value()) {
    const auto record = find_detection(services, request, *id);
    if (!record.has_value()) {
      return std::unexpected{record.error()};
    }
    take_detection(*record, wanted);
    message_id = record->message_id;
    organization = record->organization;
  }
  if (auto taken = take_message_id(message_id, wanted.target); !taken.has_value()) {
    return std::unexpected{std::move(taken).error()};
  }
  if (auto taken = take_addresses(given, wanted); !taken.has_value()) {
    return std::unexpected{std::move(taken).error()};
  }
  return organization;
}

}  // namespace

std::expected<AskedPull, Problem> read_pull_request(const ApiServices& services,
                                                    const ApiRequest& request,
                                                    bool takes_destination) {
  const auto given = read_given(request.body, takes_destination);
  if (!given.has_value()) {
    return std::unexpected{given.error()};
  }
  const auto destination = destination_of(given->destination);
  if (!destination.has_value()) {
    return std::unexpected{destination.error()};
  }
  AskedPull asked;
  asked.request.destination = *destination;
  const auto organization = take_what(services, request, *given, asked.request);
  if (!organization.has_value()) {
    return std::unexpected{organization.error()};
  }
  std::string name = given->directory;
  if (name.empty() && !organization->empty()) {
    name = directory_of(services, *organization);
  }
  auto key = directory_meant(services, request, name, Feature::kPull);
  if (!key.has_value()) {
    return std::unexpected{std::move(key).error()};
  }
  if (!organization->empty() && key->organization != *organization) {
    return refuse_request("the detection is of the organization " + *organization +
                              ", which has no directory of this name that is used for pulling",
                          "/directory");
  }
  asked.key = *std::move(key);
  return asked;
}

}  // namespace directory
