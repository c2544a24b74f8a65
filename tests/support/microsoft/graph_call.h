// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/selection.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>

#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

/// A request to Graph whose token is good.
struct GraphCall {
  World* world;
  Site* site;
  std::vector<std::string> roles;  ///< of the token
  std::vector<std::string> path;   ///< segments below the version root
  Parameters query;
  const Request* request;
};

struct GraphError {
  unsigned status = 400;
  std::string code = "Request_BadRequest";
  std::string message;
  std::string inner_code;  ///< `innerError.code`; empty for none
};

/// An error in Graph's envelope.
[[nodiscard]] Response graph_failure(World& world, const GraphError& error);

/// 400 Request_BadRequest.
[[nodiscard]] Response bad_request(const GraphCall& call, std::string message);

/// 404 Request_ResourceNotFound.
[[nodiscard]] Response resource_not_found(const GraphCall& call, const std::string& name);

/// A JSON answer.
[[nodiscard]] Response json_answer(const json::object& body);

/// The answer to a refused `$select`.
[[nodiscard]] Response selection_failure(const GraphCall& call, const SelectionRefusal& refusal);

/// Where the call went, without its query: https://graph.microsoft.com/v1.0/users.
[[nodiscard]] std::string url_of(const GraphCall& call);

/// `@odata.context` of a collection of this name.
[[nodiscard]] std::string context_of(const GraphCall& call, std::string_view collection);

/// Nothing if each OData option of the query (`$...`) is among these; otherwise 400 with its name.
[[nodiscard]] std::expected<void, Response> allow_options(
    const GraphCall& call, std::initializer_list<std::string_view> allowed);

[[nodiscard]] bool has_role(const GraphCall& call, std::initializer_list<std::string_view> roles);

/// /users/delta and /groups/delta.
[[nodiscard]] Response answer_delta(const GraphCall& call);

/// /users and /groups.
[[nodiscard]] Response answer_list(const GraphCall& call);

/// /users/{} and /groups/{}.
[[nodiscard]] Response answer_object(const GraphCall& call);

/// /groups/{}/members and /groups/{}/transitiveMembers, also cast to users.
[[nodiscard]] Response answer_members(const GraphCall& call);

[[nodiscard]] Response answer_domains(const GraphCall& call);
[[nodiscard]] Response answer_domain(const GraphCall& call);
[[nodiscard]] Response answer_service_records(const GraphCall& call);
[[nodiscard]] Response answer_verification_records(const GraphCall& call);
[[nodiscard]] Response answer_organization(const GraphCall& call);
[[nodiscard]] Response answer_applications(const GraphCall& call);
[[nodiscard]] Response answer_service_principals(const GraphCall& call);
[[nodiscard]] Response answer_role_assignments(const GraphCall& call);
[[nodiscard]] Response answer_permission_grants(const GraphCall& call);

/// Below /users/{}. A guest and a user without mail have no mailbox.
[[nodiscard]] Response answer_authentication_methods(const GraphCall& call);
[[nodiscard]] Response answer_calendar_permissions(const GraphCall& call);
[[nodiscard]] Response answer_message_rules(const GraphCall& call);
[[nodiscard]] Response answer_mailbox_purpose(const GraphCall& call);

/// /users/{}/messages, of one folder also; /users/{}/mailFolders.
[[nodiscard]] Response answer_messages(const GraphCall& call);
[[nodiscard]] Response answer_message(const GraphCall& call);
[[nodiscard]] Response move_message(const GraphCall& call);
[[nodiscard]] Response answer_mail_folders(const GraphCall& call);
[[nodiscard]] Response answer_mail_folder(const GraphCall& call);

}  // namespace tests::microsoft
