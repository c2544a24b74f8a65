// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_service.h"

#include "tests/support/microsoft/control_changes.h"
#include "tests/support/microsoft/control_exchange.h"
#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/control_mail.h"
#include "tests/support/microsoft/control_posture.h"
#include "tests/support/microsoft/control_reads.h"
#include "tests/support/microsoft/delta_feed.h"
#include "tests/support/microsoft/faults.h"
#include "tests/support/microsoft/json_web_token.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

Tenant& tenant_of(World& world) {
  return world.sites.front()->tenant;
}

json::object control_changes(World& world, ControlFields& fields) {
  return apply_changes(tenant_of(world), world.random, fields);
}

json::object control_expire(World& world, ControlFields& fields) {
  world.expired_is_not_found = fields.text("answer").value_or("gone") == "not_found";
  if (fields.flag("delta").value_or(true)) {
    for (const auto& site : world.sites) {
      site->delta.expire_tokens();
    }
  }
  if (fields.flag("access").value_or(false)) {
    // Tokens tell whole seconds; those of this second are old too.
    world.tokens_valid_from = world.clock.now() + std::chrono::seconds{1};
  }
  return {};
}

json::object control_faults(World& world, ControlFields& fields) {
  Fault fault;
  const std::string name = fields.text("kind").value_or("status");
  const auto kind = fault_named(name);
  if (!kind.has_value()) {
    throw std::invalid_argument{"unknown fault: " + name};
  }
  fault.kind = *kind;
  fault.path_prefix = fields.text("path").value_or("/");
  fault.cmdlet = fields.text("cmdlet").value_or("");
  fault.error = fields.text("error").value_or("");
  fault.resets = fields.flag("reset").value_or(false);
  fault.status = static_cast<unsigned>(fields.number("status").value_or(usual_status(*kind)));
  fault.retry_after = fields.text("retry_after");
  fault.host = fields.text("host").value_or("");
  fault.pause = std::chrono::milliseconds{fields.number("pause_ms").value_or(5)};
  fields.count("count", fault.remaining);
  fields.count("skip", fault.skipped);
  if (fault.remaining > 0) {
    world.faults.add(std::move(fault));
  }
  return {};
}

json::object control_throttle(World& world, ControlFields& fields) {
  Throttle::Settings settings;
  fields.count("every", settings.every);
  fields.count("next", settings.next);
  fields.count("next_parts", settings.next_parts);
  settings.status = static_cast<unsigned>(fields.number("status").value_or(429));
  settings.path_prefix = fields.text("path").value_or(settings.path_prefix);
  if (const auto value = fields.value("retry_after"); value.has_value()) {
    settings.retry_after =
        value->is_null()
            ? std::nullopt
            : std::optional{std::string{value->as_string().data(), value->as_string().size()}};
  }
  world.throttle.set(std::move(settings));
  return {};
}

json::object control_clock(World& world, ControlFields& fields) {
  world.clock.set_offset(std::chrono::seconds{fields.number("offset").value_or(0)});
  return {};
}

std::optional<ShrinkMode> shrink_named(std::string_view name) {
  if (name == "removed") {
    return ShrinkMode::kRemoved;
  }
  if (name == "omitted") {
    return ShrinkMode::kOmitted;
  }
  return name == "none" ? std::optional{ShrinkMode::kNone} : std::nullopt;
}

json::object control_delta(World& world, ControlFields& fields) {
  DeltaSettings& settings = world.delta;
  fields.count("page_size", settings.page_size);
  fields.count("member_slice", settings.member_slice);
  fields.count("shrink_rounds", settings.shrink_rounds);
  settings.duplicates = fields.share("duplicates").value_or(settings.duplicates);
  settings.replays = fields.share("replays").value_or(settings.replays);
  settings.empty_pages = fields.share("empty_pages").value_or(settings.empty_pages);
  settings.shrink_share = fields.share("shrink_share").value_or(settings.shrink_share);
  if (const auto mode = fields.text("shrink"); mode.has_value()) {
    const auto found = shrink_named(*mode);
    if (!found.has_value()) {
      throw std::invalid_argument{"unknown way to shrink: " + *mode};
    }
    settings.shrink = *found;
    settings.shrink_rounds = std::max<std::size_t>(1, settings.shrink_rounds);
  }
  return {};
}

void add_certificate(Application& application, const std::string& pem) {
  if (const auto checked = check_certificate(pem); !checked.has_value()) {
    throw std::invalid_argument{checked.error().message};
  }
  application.certificates.push_back(pem);
}

json::object control_application(World& world, ControlFields& fields) {
  Application& application = tenant_of(world).applications.front();
  application.secret = fields.text("secret").value_or(application.secret);
  application.is_secret_expired =
      fields.flag("secret_expired").value_or(application.is_secret_expired);
  application.is_consented = fields.flag("consented").value_or(application.is_consented);
  application.graph_roles = fields.texts("roles").value_or(application.graph_roles);
  application.exchange_roles = fields.texts("exchange_roles").value_or(application.exchange_roles);
  application.client_id = fields.text("client_id").value_or(application.client_id);
  if (const auto certificates = fields.texts("certificates"); certificates.has_value()) {
    application.certificates.clear();
    for (const std::string& pem : *certificates) {
      add_certificate(application, pem);
    }
  }
  return {};
}

json::object control_consent(World& world, ControlFields& fields) {
  world.consent_is_cancelled = fields.flag("cancelled").value_or(false);
  return {};
}

json::object control_domains(World& world, ControlFields& fields) {
  const std::string name = fields.text("name").value_or("");
  auto& domains = tenant_of(world).domains;
  if (name.empty()) {
    throw std::invalid_argument{"name the domain"};
  }
  auto found = std::ranges::find(domains, name, &Domain::name);
  if (fields.flag("remove").value_or(false)) {
    if (found != domains.end()) {
      domains.erase(found);
    }
    return {};
  }
  Domain domain;
  if (found != domains.end()) {
    domain = *found;
  }
  domain.name = name;
  domain.is_verified = fields.flag("verified").value_or(domain.is_verified);
  domain.authentication_type = fields.text("authentication").value_or(domain.authentication_type);
  domain.supported_services = fields.texts("services").value_or(domain.supported_services);
  domain.mail_exchange = fields.text("mail_exchange").value_or(domain.mail_exchange);
  if (found == domains.end()) {
    domains.push_back(std::move(domain));
  } else {
    *found = std::move(domain);
  }
  return {};
}

json::object control_reset_counters(World& world, ControlFields& /*none*/) {
  world.log.clear();
  return {};
}

json::object control_clear_faults(World& world, ControlFields& /*none*/) {
  world.faults.clear();
  world.throttle.set({});
  return {};
}

struct Command {
  std::string_view method;
  std::string_view path;
  json::object (*carry_out)(World& world, ControlFields& fields);
};

constexpr auto kCommands = std::to_array<Command>({
    {.method = "POST", .path = "/control/changes", .carry_out = control_changes},
    {.method = "POST", .path = "/control/expire_tokens", .carry_out = control_expire},
    {.method = "POST", .path = "/control/faults", .carry_out = control_faults},
    {.method = "DELETE", .path = "/control/faults", .carry_out = control_clear_faults},
    {.method = "POST", .path = "/control/throttle", .carry_out = control_throttle},
    {.method = "POST", .path = "/control/clock", .carry_out = control_clock},
    {.method = "POST", .path = "/control/delta", .carry_out = control_delta},
    {.method = "POST", .path = "/control/application", .carry_out = control_application},
    {.method = "POST", .path = "/control/consent", .carry_out = control_consent},
    {.method = "POST", .path = "/control/domains", .carry_out = control_domains},
    {.method = "POST", .path = "/control/exchange/objects", .carry_out = seed_exchange_object},
    {.method = "DELETE", .path = "/control/exchange/objects", .carry_out = remove_exchange_objects},
    {.method = "POST", .path = "/control/exchange/roles", .carry_out = set_exchange_roles},
    {.method = "POST", .path = "/control/exchange/pages", .carry_out = set_exchange_pages},
    {.method = "POST", .path = "/control/posture/mailbox", .carry_out = set_mailbox},
    {.method = "POST", .path = "/control/posture/applications", .carry_out = set_applications},
    {.method = "POST", .path = "/control/posture/organization", .carry_out = set_organization},
    {.method = "POST", .path = "/control/posture/pages", .carry_out = set_posture_pages},
    {.method = "POST", .path = "/control/mail/deliver", .carry_out = deliver_mail},
    {.method = "POST", .path = "/control/mail/change", .carry_out = change_mail},
    {.method = "POST", .path = "/control/mail/folders", .carry_out = change_mail_folder},
    {.method = "POST", .path = "/control/mail/settings", .carry_out = set_mail},
    {.method = "DELETE", .path = "/control/counters", .carry_out = control_reset_counters},
});

json::object carry_out(World& world, const Request& request) {
  if (request.method == "GET") {
    return read_control(world, request);
  }
  const auto* command = std::ranges::find_if(kCommands, [&](const Command& candidate) {
    return candidate.method == request.method && candidate.path == request.path;
  });
  if (command == kCommands.end()) {
    throw std::invalid_argument{"there is no " + request.method + ' ' + request.path};
  }
  json::value body = request.body.empty() ? json::object() : json::parse(request.body);
  ControlFields fields{std::move(body.as_object())};
  json::object answer = command->carry_out(world, fields);
  fields.must_be_empty();
  return answer;
}

}  // namespace

Response answer_control(World& world, const Request& request) {
  Response response{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = {}};
  try {
    response.body = json::serialize(carry_out(world, request));
  } catch (const std::exception& mistake) {
    response.status = 400;
    json::object body;
    body["error"] = mistake.what();
    response.body = json::serialize(body);
  }
  return response;
}

}  // namespace tests::microsoft
