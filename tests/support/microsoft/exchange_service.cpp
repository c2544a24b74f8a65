// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_service.h"

#include "tests/support/microsoft/access_token.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_cmdlet_run.h"
#include "tests/support/microsoft/exchange_cmdlets.h"
#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/exchange_records.h"
#include "tests/support/microsoft/exchange_state.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tests::microsoft {
namespace {

constexpr std::string_view kJson = "application/json;odata.metadata=minimal;charset=utf-8";

// A request whose token is good.
struct ExchangeCall {
  World* world;
  Site* site;
  std::string version;  // beta or v1.0
  const Request* request;
};

// What InvokeCommand is asked for.
struct Command {
  std::string name;
  json::object parameters;
};

Response unauthorized(const std::string& why) {
  return {
      .status = 401,
      .headers = {{"WWW-Authenticate",
                   fmt::format(R"(Bearer error="invalid_token", error_description="{}")", why)}},
      .body = {}};
}

// How many records an answer has at most; 0 for no limit.
std::size_t page_size_of(const ExchangeCall& call) {
  if (call.site->exchange.page_size != 0) {
    return call.site->exchange.page_size;
  }
  const auto preferences = find_field(call.request->headers, "Prefer");
  for (const std::string& preference : split_trimmed(preferences.value_or(""), ';')) {
    const auto pieces = split_trimmed(preference, '=');
    std::size_t size = 0;
    if (pieces.size() == 2 && pieces[0] == "odata.maxpagesize" &&
        std::from_chars(pieces[1].data(), pieces[1].data() + pieces[1].size(), size).ec ==
            std::errc{}) {
      return size;
    }
  }
  return 0;
}

// What no role allows.
Response forbidden() {
  constexpr std::size_t kSize = 64;
  return {.status = 403,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::string(kSize, '\0')};
}

Response malformed(std::string text) {
  return exchange_failure({.status = 400,
                           .code = "BadRequest",
                           .message = "The request is malformed",
                           .number = {},
                           .type = "Microsoft.OData.ODataException",
                           .text = std::move(text)});
}

std::optional<Command> parse_command(const std::string& body) {
  boost::system::error_code error;
  const json::value root = json::parse(body, error);
  const json::object* outer = error ? nullptr : root.if_object();
  const json::value* input = outer == nullptr ? nullptr : outer->if_contains("CmdletInput");
  const json::object* fields = input == nullptr ? nullptr : input->if_object();
  if (fields == nullptr || outer->size() != 1) {
    return std::nullopt;
  }
  const json::value* parameters = fields->if_contains("Parameters");
  const std::string_view name = text_of(*fields, "CmdletName");
  if (name.empty() || parameters == nullptr || !parameters->is_object() || fields->size() != 2) {
    return std::nullopt;
  }
  return Command{.name = std::string{name}, .parameters = parameters->get_object()};
}

std::string context_of(const ExchangeCall& call, std::string_view collection) {
  return fmt::format("{}/adminapi/{}/{}/$metadata#{}",
                     call.world->endpoints.exchange,
                     call.version,
                     call.site->tenant.id,
                     collection);
}

// The record with those properties only that `$select` names.
json::object selected(json::object record, const std::vector<std::string>& names) {
  if (names.empty()) {
    return record;
  }
  json::object few;
  for (const std::string& name : names) {
    if (const json::value* value = record.if_contains(name); value != nullptr) {
      few[name] = *value;
    }
  }
  return few;
}

Response good_answer(const json::object& body) {
  return {
      .status = 200, .headers = {{"Content-Type", kJson.data()}}, .body = json::serialize(body)};
}

// Leaves the page that is asked for and tells the link to the next one, if there is one.
std::expected<std::string, Response> cut_page(const ExchangeCall& call, json::array& records) {
  ExchangeState& state = call.site->exchange;
  const auto query = Parameters::parse(call.request->query);
  const auto token = query.has_value() ? query->find("$skiptoken") : std::nullopt;
  std::size_t first = 0;
  if (token.has_value()) {
    const auto page = state.pages.find(*token);
    if (page == state.pages.end() || page->second.body != call.request->body) {
      return std::unexpected{
          malformed("Expired or Invalid pagination request. Default Expiry time is 00:30:00")};
    }
    first = std::min(page->second.first, records.size());
  }
  const std::size_t size = page_size_of(call);
  const std::size_t end = size == 0 ? records.size() : std::min(records.size(), first + size);
  std::string link;
  if (end < records.size()) {
    const std::string next = call.world->random.opaque_text(32);
    if (!state.are_pages_expired) {
      state.pages[next] = {.body = call.request->body, .first = end};
    }
    link = call.world->endpoints.exchange + call.request->path + "?$skiptoken=" + next;
  }
  records.erase(records.begin() + end, records.end());
  records.erase(records.begin(), records.begin() + first);
  return link;
}

Response told(const ExchangeCall& call, CmdletOutcome outcome) {
  ExchangeState& state = call.site->exchange;
  if (outcome.has_no_value && outcome.warnings.empty() && state.answers_without_value++ % 2 == 0) {
    return {.status = 204, .headers = {}, .body = {}};
  }
  const auto link = cut_page(call, outcome.records);
  if (!link.has_value()) {
    return link.error();
  }
  const auto query = Parameters::parse(call.request->query);
  const auto select = query.has_value() ? query->find("$select") : std::nullopt;
  json::array value;
  for (json::value& record : outcome.records) {
    value.emplace_back(annotated(
        selected(std::move(record.as_object()), split_trimmed(select.value_or(""), ','))));
  }
  json::object body;
  body["@odata.context"] = context_of(call, "Collection(Exchange.GenericHashTable)");
  body["adminapi.warnings@odata.type"] = "#Collection(String)";
  body["@adminapi.warnings"] = json::array(outcome.warnings.begin(), outcome.warnings.end());
  body["value"] = std::move(value);
  if (!link->empty()) {
    body["@odata.nextLink"] = *link;
  }
  return good_answer(body);
}

Response with_rates(const ExchangeCall& call, Response response) {
  constexpr std::uint64_t kLimit = 30000;
  response.headers.emplace_back("Rate-Limit-Limit", std::to_string(kLimit));
  response.headers.emplace_back("Rate-Limit-Remaining",
                                std::to_string(kLimit - ++call.site->exchange.calls % kLimit));
  response.headers.emplace_back("Rate-Limit-Reset", call.world->clock.graph_time() + 'Z');
  return response;
}

Response answer_command(const ExchangeCall& call) {
  const auto type = find_field(call.request->headers, "Content-Type");
  if (!type.has_value() || !lower_case(*type).starts_with("application/json")) {
    return {.status = 415, .headers = {}, .body = {}};
  }
  const std::optional<Command> command = parse_command(call.request->body);
  if (!command.has_value()) {
    return malformed("CmdletInput has a CmdletName and Parameters, which is an object.");
  }
  const ExchangeState& state = call.site->exchange;
  const Cmdlet* cmdlet = find_cmdlet(command->name);
  if (!state.has_directory_role || cmdlet == nullptr ||
      !is_granted(*cmdlet, state.management_roles)) {
    return forbidden();
  }
  if (std::chrono::steady_clock::now() < state.busy_until) {
    return too_many_requests(429);
  }
  auto outcome = run_cmdlet(*call.world, *call.site, *cmdlet, command->parameters);
  return with_rates(
      call,
      outcome.has_value() ? told(call, std::move(*outcome)) : exchange_failure(outcome.error()));
}

Response answer_module_file(const ExchangeCall& call) {
  const auto query = Parameters::parse(call.request->query);
  if (!query.has_value() || !query->find("Version").has_value() ||
      find_field(call.request->headers, "CommandName") != "*") {
    return malformed("Version and the field CommandName are missing.");
  }
  if (!call.site->exchange.has_directory_role) {
    return forbidden();
  }
  json::object file;
  file["exportedCmdlets"] =
      fmt::format("{}", fmt::join(granted_cmdlets(call.site->exchange.management_roles), ","));
  json::object body;
  body["@odata.context"] = context_of(call, "EXOModuleFile");
  json::array value;
  value.push_back(std::move(file));
  body["value"] = std::move(value);
  return good_answer(body);
}

Response answer_authorized(World& world, const Request& request, const Caller& caller) {
  const auto path = path_segments(request.path).value_or(std::vector<std::string>());
  constexpr std::string_view kRole = "Exchange.ManageAsApp";
  if (path.size() != 4 || path[0] != "adminapi" || (path[1] != "beta" && path[1] != "v1.0")) {
    return {.status = 404, .headers = {}, .body = {}};
  }
  if (caller.site == nullptr || lower_case(path[2]) != caller.site->tenant.id) {
    return unauthorized("The token is for another tenant.");
  }
  if (std::ranges::find(caller.roles, kRole) == caller.roles.end()) {
    return unauthorized("The token has no role for this.");
  }
  const ExchangeCall call{
      .world = &world, .site = caller.site, .version = path[1], .request = &request};
  if (path[3] == "InvokeCommand") {
    return request.method == "POST" ? answer_command(call)
                                    : Response{.status = 405, .headers = {}, .body = {}};
  }
  if (path[3] == "EXOModuleFile" && request.method == "GET") {
    return answer_module_file(call);
  }
  return {.status = 404, .headers = {}, .body = {}};
}

}  // namespace

Response answer_exchange(World& world, const Request& request) {
  const auto caller = authenticate(world, request, world.endpoints.exchange);
  Response response = caller.has_value() ? answer_authorized(world, request, *caller)
                                         : unauthorized(caller.error());
  response.headers.emplace_back("request-id", world.random.uuid());
  return response;
}

std::string cmdlet_of(const Request& request) {
  const auto command = parse_command(request.body);
  return command.has_value() ? command->name : std::string{};
}

void keep_busy(World& world, const Request& request, std::chrono::milliseconds time) {
  const auto path = path_segments(request.path).value_or(std::vector<std::string>());
  Site* site = path.size() > 2 ? world.find_site(path[2]) : nullptr;
  if (site != nullptr) {
    site->exchange.busy_until = std::chrono::steady_clock::now() + time;
  }
}

}  // namespace tests::microsoft
