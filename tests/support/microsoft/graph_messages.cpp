// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/filter.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_json_list.h"
#include "tests/support/microsoft/graph_mailbox.h"
#include "tests/support/microsoft/mail_store.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

constexpr unsigned kCreated = 201;

constexpr auto kItemProperties = std::to_array<std::string_view>({"id",
                                                                  "internetMessageId",
                                                                  "parentFolderId",
                                                                  "receivedDateTime",
                                                                  "subject",
                                                                  "from",
                                                                  "isRead",
                                                                  "isDraft"});
constexpr auto kFolderProperties =
    std::to_array<std::string_view>({"id", "displayName", "isHidden"});

// The parts of /users/{}/mailFolders/{}/messages/{} and the like.
constexpr std::size_t kCollection = 2;
constexpr std::size_t kFirstId = 3;
constexpr std::size_t kItemInFolder = 5;

Response mail_failure(const GraphCall& call,
                      unsigned status,
                      std::string code,
                      std::string message) {
  return graph_failure(
      *call.world,
      {.status = status, .code = std::move(code), .message = std::move(message), .inner_code = {}});
}

Response no_item(const GraphCall& call) {
  return mail_failure(
      call, 404, "ErrorItemNotFound", "The specified object was not found in the store.");
}

bool wants_immutable_ids(const GraphCall& call) {
  const auto prefer = find_field(call.request->headers, "Prefer");
  return prefer.has_value() && prefer->find("IdType=\"ImmutableId\"") != std::string_view::npos;
}

// The mailbox that a call is about, or why there is none to be shown.
std::expected<MailboxContent*, Response> open_mailbox(const GraphCall& call) {
  if (!wants_immutable_ids(call)) {
    call.world->log.add_plain_ids();
  }
  const DirectoryObject* user = user_of(call);
  if (auto refusal = refusal_of_mailbox(call, user); refusal.has_value()) {
    return std::unexpected{*std::move(refusal)};
  }
  if (auto failure = failure_set(call, *user, "mail"); failure.has_value()) {
    return std::unexpected{*std::move(failure)};
  }
  return &call.site->mail.mailbox(user->id, call.world->random);
}

json::object told(const GraphCall& call, const MailItem& item) {
  json::object object;
  object["id"] = wants_immutable_ids(call) ? item.immutable_id : item.id;
  object["internetMessageId"] = item.message_id;
  object["parentFolderId"] = item.folder;
  object["receivedDateTime"] = item.received;
  object["subject"] = item.subject;
  if (!item.sender.empty()) {
    json::object address;
    address["name"] = item.sender_name;
    address["address"] = item.sender;
    object["from"] = json::object({{"emailAddress", std::move(address)}});
  }
  object["isRead"] = item.is_read;
  object["isDraft"] = item.is_draft;
  return object;
}

json::object told(const MailFolder& folder) {
  json::object object;
  object["id"] = folder.id;
  object["displayName"] = folder.name;
  object["isHidden"] = folder.is_hidden;
  return object;
}

// The value that a property must have by `$filter`; nothing without one. Other filters are refused.
std::expected<std::optional<std::string>, Response> wanted_value(const GraphCall& call,
                                                                 std::string_view property) {
  const auto text = call.query.find("$filter");
  if (!text.has_value()) {
    return std::nullopt;
  }
  if (call.query.find("$orderby").has_value()) {
    return std::unexpected{
        mail_failure(call,
                     400,
                     "InefficientFilter",
                     "The restriction or sort order is too complex for this operation.")};
  }
  const auto conditions = parse_filter(*text);
  if (!conditions.has_value() || conditions->size() != 1 ||
      conditions->front().property != property ||
      conditions->front().kind != Condition::Kind::kEquals) {
    return std::unexpected{
        mail_failure(call, 400, "ErrorInvalidUrlQueryFilter", "The query filter is invalid.")};
  }
  return conditions->front().value;
}

// The folder that a path with /mailFolders/{} names; null if the path has none.
std::expected<MailFolder*, Response> folder_of(const GraphCall& call, MailboxContent& mailbox) {
  if (call.path[kCollection] != "mailFolders") {
    return nullptr;
  }
  MailFolder* folder = mailbox.find_folder(call.path[kFirstId]);
  return folder == nullptr ? std::unexpected{no_item(call)}
                           : std::expected<MailFolder*, Response>{folder};
}

// Whether a list of this folder, or of the whole mailbox, tells of the item.
bool is_listed(const GraphCall& call,
               MailboxContent& mailbox,
               const MailFolder* folder,
               const MailItem& item) {
  if (folder != nullptr) {
    return item.folder == folder->id;
  }
  const MailFolder* lies_in = mailbox.find_folder(item.folder);
  return lies_in != nullptr && !lies_in->is_recoverable_items() &&
         (!lies_in->is_hidden || call.site->mail.lists_hidden);
}

// The item that the path names, where the path says that it lies.
std::expected<MailItem*, Response> item_of(const GraphCall& call, MailboxContent& mailbox) {
  const auto folder = folder_of(call, mailbox);
  if (!folder.has_value()) {
    return std::unexpected{folder.error()};
  }
  MailItem* item = mailbox.find_item(call.path[*folder == nullptr ? kFirstId : kItemInFolder]);
  const MailFolder* lies_in = item == nullptr ? nullptr : mailbox.find_folder(item->folder);
  const bool is_there = lies_in != nullptr && (*folder == nullptr ? !lies_in->is_recoverable_items()
                                                                  : lies_in == *folder);
  return is_there ? std::expected<MailItem*, Response>{item} : std::unexpected{no_item(call)};
}

Response answer_selected(const GraphCall& call,
                         std::string_view context,
                         const json::array& all,
                         std::span<const std::string_view> properties) {
  const auto chosen = selected(call, all, properties);
  return chosen.has_value() ? answer_json_list(call, context, *chosen) : chosen.error();
}

Response answer_one(const GraphCall& call,
                    json::object object,
                    std::span<const std::string_view> properties) {
  const json::array alone({std::move(object)});
  const auto chosen = selected(call, alone, properties);
  return chosen.has_value() ? json_answer(chosen->front().as_object()) : chosen.error();
}

// The text of a member of the body; empty if it is not there.
std::expected<json::object, Response> body_of_call(const GraphCall& call) {
  boost::system::error_code error;
  const json::value body = json::parse(call.request->body, error);
  if (error || !body.is_object()) {
    return std::unexpected{bad_request(call, "The body is no JSON object.")};
  }
  return body.get_object();
}

Response make_folder(const GraphCall& call, MailboxContent& mailbox) {
  const auto body = body_of_call(call);
  if (!body.has_value()) {
    return body.error();
  }
  const std::string name{text_of(*body, "displayName")};
  const json::value* hidden = body->if_contains("isHidden");
  if (name.empty()) {
    return bad_request(call, "A folder has a displayName.");
  }
  const bool is_there = std::ranges::any_of(mailbox.folders, [&](const MailFolder& folder) {
    return lower_case(folder.name) == lower_case(name);
  });
  if (is_there) {
    return mail_failure(
        call, 409, "ErrorFolderExists", "A folder with the specified name already exists.");
  }
  const MailFolder& made = MailStore::add_folder(
      mailbox,
      {.id = {},
       .name = name,
       .well_known = {},
       .is_hidden = hidden != nullptr && hidden->is_bool() && hidden->get_bool()},
      call.world->random);
  Response response = json_answer(told(made));
  response.status = kCreated;
  return response;
}

}  // namespace

Response answer_messages(const GraphCall& call) {
  const auto mailbox = open_mailbox(call);
  if (!mailbox.has_value()) {
    return mailbox.error();
  }
  const auto allowed =
      allow_options(call, {"$filter", "$orderby", "$select", "$top", "$skiptoken"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const auto wanted = wanted_value(call, "internetMessageId");
  const auto folder = folder_of(call, **mailbox);
  if (!wanted.has_value() || !folder.has_value()) {
    return wanted.has_value() ? folder.error() : wanted.error();
  }
  const std::optional<std::string>& message_id = *wanted;
  json::array found;
  for (const MailItem& item : (*mailbox)->items) {
    if (is_listed(call, **mailbox, *folder, item) &&
        (!message_id.has_value() || *message_id == item.message_id)) {
      found.push_back(told(call, item));
    }
  }
  return answer_selected(call, "users('" + call.path[1] + "')/messages", found, kItemProperties);
}

Response answer_message(const GraphCall& call) {
  const auto mailbox = open_mailbox(call);
  if (!mailbox.has_value()) {
    return mailbox.error();
  }
  const auto item = item_of(call, **mailbox);
  return item.has_value() ? answer_one(call, told(call, **item), kItemProperties) : item.error();
}

Response move_message(const GraphCall& call) {
  const auto mailbox = open_mailbox(call);
  if (!mailbox.has_value()) {
    return mailbox.error();
  }
  const auto body = body_of_call(call);
  const auto item = item_of(call, **mailbox);
  if (!body.has_value() || !item.has_value()) {
    return body.has_value() ? item.error() : body.error();
  }
  switch (MailStore::move(**mailbox, **item, text_of(*body, "destinationId"), call.world->random)) {
    case MoveOutcome::kNoFolder:
      return mail_failure(
          call, 404, "ErrorItemNotFound", "The specified folder could not be found in the store.");
    case MoveOutcome::kThereAlready:
      return mail_failure(call, 400, "ErrorMoveCopyFailed", "The move or copy operation failed.");
    case MoveOutcome::kMoved: break;
  }
  Response response = json_answer(told(call, **item));
  response.status = kCreated;
  return response;
}

Response answer_mail_folders(const GraphCall& call) {
  const auto mailbox = open_mailbox(call);
  if (!mailbox.has_value()) {
    return mailbox.error();
  }
  if (call.request->method == "POST") {
    return make_folder(call, **mailbox);
  }
  const auto allowed = allow_options(call, {"$filter", "$select", "$top", "$skiptoken"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const auto wanted = wanted_value(call, "displayName");
  if (!wanted.has_value()) {
    return wanted.error();
  }
  const std::optional<std::string>& name = *wanted;
  const bool tells_hidden = call.query.find("includeHiddenFolders") == "true";
  json::array found;
  for (const MailFolder& folder : (*mailbox)->folders) {
    const bool is_wanted = !name.has_value() || lower_case(*name) == lower_case(folder.name);
    if (is_wanted && !folder.is_recoverable_items() && (tells_hidden || !folder.is_hidden)) {
      found.push_back(told(folder));
    }
  }
  return answer_selected(
      call, "users('" + call.path[1] + "')/mailFolders", found, kFolderProperties);
}

Response answer_mail_folder(const GraphCall& call) {
  const auto mailbox = open_mailbox(call);
  if (!mailbox.has_value()) {
    return mailbox.error();
  }
  const auto folder = folder_of(call, **mailbox);
  return folder.has_value() ? answer_one(call, told(**folder), kFolderProperties) : folder.error();
}

}  // namespace tests::microsoft
