// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_json_list.h"
#include "tests/support/microsoft/graph_mailbox.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/posture_state.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tests::microsoft {
namespace {

// What is asked of a user, and where the answer to it may be set.
struct Aspect {
  std::string_view name;  // in MailboxSettings::failures
  std::optional<json::array> MailboxSettings::* set;
  json::array (*usual)();
};

json::array usual_methods() {
  json::object password;
  password["@odata.type"] = "#microsoft.graph.passwordAuthenticationMethod";
  password["id"] = "28c10230-6103-485e-b985-444c60001490";
  password["password"] = nullptr;
  password["createdDateTime"] = nullptr;
  return json::array({password});
}

json::array usual_permissions() {
  json::object everybody;
  everybody["id"] = "RGVmYXVsdA==";
  everybody["isRemovable"] = false;
  everybody["isInsideOrganization"] = true;
  everybody["role"] = "freeBusyRead";
  everybody["allowedRoles"] = json::array({"none", "freeBusyRead", "limitedRead", "read", "write"});
  everybody["emailAddress"] = json::object({{"name", "My Organization"}});
  return json::array({everybody});
}

json::array no_rules() {
  return {};
}

constexpr Aspect kMethods{
    .name = "methods", .set = &MailboxSettings::methods, .usual = usual_methods};
constexpr Aspect kCalendar{
    .name = "calendar", .set = &MailboxSettings::calendar_permissions, .usual = usual_permissions};
constexpr Aspect kRules{.name = "rules", .set = &MailboxSettings::message_rules, .usual = no_rules};

const MailboxSettings& settings_of(const GraphCall& call, const DirectoryObject& user) {
  static const MailboxSettings usual;
  const auto found = call.site->posture.mailboxes.find(user.id);
  return found == call.site->posture.mailboxes.end() ? usual : found->second;
}

std::optional<Response> failure_of(const GraphCall& call,
                                   const MailboxSettings& settings,
                                   std::string_view aspect) {
  const auto found = settings.failures.find(std::string{aspect});
  if (found == settings.failures.end()) {
    return std::nullopt;
  }
  return graph_failure(*call.world,
                       {.status = found->second.status,
                        .code = found->second.code,
                        .message = "This was to fail.",
                        .inner_code = {}});
}

Response no_mailbox(const GraphCall& call) {
  return graph_failure(
      *call.world,
      {.status = 404,
       .code = "MailboxNotEnabledForRESTAPI",
       .message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
       .inner_code = {}});
}

Response answer_aspect(const GraphCall& call,
                       const DirectoryObject& user,
                       const Aspect& aspect,
                       const std::string& collection) {
  // None of these lists takes $top or $select.
  const auto allowed = allow_options(call, {"$skiptoken"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const MailboxSettings& settings = settings_of(call, user);
  if (auto failure = failure_of(call, settings, aspect.name); failure.has_value()) {
    return *failure;
  }
  const std::optional<json::array>& set = settings.*aspect.set;
  return answer_json_list(
      call, "users('" + user.id + "')/" + collection, set.has_value() ? *set : aspect.usual());
}

}  // namespace

const DirectoryObject* user_of(const GraphCall& call) {
  const Directory& directory = call.site->tenant.directory;
  const auto ref = directory.find_user(call.path[1]);
  return ref.has_value() && directory.object(*ref).presence == Presence::kPresent
             ? &directory.object(*ref)
             : nullptr;
}

std::optional<Response> refusal_of_mailbox(const GraphCall& call, const DirectoryObject* user) {
  if (user == nullptr) {
    return graph_failure(*call.world,
                         {.status = 404,
                          .code = "ErrorInvalidUser",
                          .message = "The requested user '" + call.path[1] + "' is invalid.",
                          .inner_code = {}});
  }
  const bool is_guest = text_of(user->properties, "userType") == "Guest";
  return is_guest || text_of(user->properties, "mail").empty() ? std::optional{no_mailbox(call)}
                                                               : std::nullopt;
}

std::optional<Response> failure_set(const GraphCall& call,
                                    const DirectoryObject& user,
                                    std::string_view aspect) {
  return failure_of(call, settings_of(call, user), aspect);
}

Response answer_authentication_methods(const GraphCall& call) {
  const DirectoryObject* user = user_of(call);
  return user == nullptr ? resource_not_found(call, call.path[1])
                         : answer_aspect(call, *user, kMethods, "authentication/methods");
}

Response answer_calendar_permissions(const GraphCall& call) {
  const DirectoryObject* user = user_of(call);
  const auto refusal = refusal_of_mailbox(call, user);
  return refusal.has_value()
             ? *refusal
             : answer_aspect(call, *user, kCalendar, "calendar/calendarPermissions");
}

Response answer_message_rules(const GraphCall& call) {
  const DirectoryObject* user = user_of(call);
  const auto refusal = refusal_of_mailbox(call, user);
  return refusal.has_value()
             ? *refusal
             : answer_aspect(call, *user, kRules, "mailFolders('inbox')/messageRules");
}

Response answer_mailbox_purpose(const GraphCall& call) {
  const DirectoryObject* user = user_of(call);
  if (const auto refusal = refusal_of_mailbox(call, user); refusal.has_value()) {
    return *refusal;
  }
  if (const auto allowed = allow_options(call, {}); !allowed.has_value()) {
    return allowed.error();
  }
  const MailboxSettings& settings = settings_of(call, *user);
  if (auto failure = failure_of(call, settings, "purpose"); failure.has_value()) {
    return *failure;
  }
  json::object body;
  body["@odata.context"] =
      context_of(call, "users('" + user->id + "')/mailboxSettings/userPurpose");
  body["value"] = settings.purpose.value_or("user");
  return json_answer(body);
}

}  // namespace tests::microsoft
