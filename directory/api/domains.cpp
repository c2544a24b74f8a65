// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/domain_json.h"
#include "directory/api/lookup.h"
#include "directory/api/request_fields.h"
#include "directory/api/requested_domain.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/records.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// Where mail for the domain goes.
const std::string& next_hop_of(const ImportedDomain& domain) {
  return domain.next_hop_override.empty() ? domain.next_hop : domain.next_hop_override;
}

// Adds the declared domains that nobody has imported.
void add_declared(const OrganizationSettings& organization,
                  const std::vector<ImportedDomain>& imported,
                  json::array& domains) {
  for (const std::string& domain : organization.domains) {
    if (std::ranges::find(imported, domain, &ImportedDomain::domain) == imported.end()) {
      domains.emplace_back(json::object{{"domain", domain},
                                        {"organization", organization.name},
                                        {"imported", false},
                                        {"relay_enabled", false}});
    }
  }
}

ApiResult list_domains(const ApiServices& services, const ApiRequest& request) {
  const auto imported = services.records->domains();
  if (!imported.has_value()) {
    return refuse(imported.error());
  }
  const auto sightings = services.domain_watch->sightings();
  if (!sightings.has_value()) {
    return refuse(sightings.error());
  }
  json::array domains;
  for (const ImportedDomain& domain : *imported) {
    if (request.principal.may_see(domain.source.organization)) {
      const auto seen = sightings->find(domain.domain);
      domains.emplace_back(
          domain_to_json(domain, seen == sightings->end() ? MxSighting{} : seen->second));
    }
  }
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    add_declared(*organization, *imported, domains);
  }
  return answer(json::serialize(json::object{{"domains", std::move(domains)}}));
}

ApiResult answer_domain(const ApiServices& services, const ImportedDomain& domain) {
  const auto sighting = services.domain_watch->stand_of(domain.domain);
  if (!sighting.has_value()) {
    return refuse(sighting.error());
  }
  return answer(json::serialize(domain_to_json(domain, *sighting)));
}

ApiResult show_domain(const ApiServices& services, const ApiRequest& request) {
  const auto domain = requested_domain(services, request);
  return domain.has_value() ? answer_domain(services, *domain) : std::unexpected{domain.error()};
}

ApiResult put_domain(const ApiServices& services,
                     const ImportedDomain& domain,
                     const std::string& action,
                     const Actor& actor) {
  if (auto written = services.records->put_domain(domain, action, actor); !written.has_value()) {
    return refuse(written.error());
  }
  services.control->configuration_changed();
  return answer_domain(services, domain);
}

ApiResult enable_domain(const ApiServices& services, const ApiRequest& request) {
  auto domain = requested_domain(services, request);
  if (!domain.has_value()) {
    return std::unexpected{std::move(domain).error()};
  }
  if (domain->is_gone) {
    return refuse_conflict("the tenant no longer has " + domain->domain +
                           " as a verified domain; verify it there and sync " +
                           domain->source.organization + "/" + domain->source.directory);
  }
  if (next_hop_of(*domain).empty()) {
    return refuse_conflict("the next hop of " + domain->domain +
                           " is not known; name it with: domains next-hop " + domain->domain +
                           " HOST");
  }
  if (domain->is_relay_enabled) {
    return answer_domain(services, *domain);
  }
  domain->is_relay_enabled = true;
  return put_domain(services, *domain, "domain.enable", request.actor);
}

ApiResult disable_domain(const ApiServices& services, const ApiRequest& request) {
  auto domain = requested_domain(services, request);
  if (!domain.has_value()) {
    return std::unexpected{std::move(domain).error()};
  }
  if (!domain->is_relay_enabled) {
    return answer_domain(services, *domain);
  }
  domain->is_relay_enabled = false;
  return put_domain(services, *domain, "domain.disable", request.actor);
}

ApiResult set_next_hop(const ApiServices& services, const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  fields->require("host");
  const std::string host = fields->text("host").value_or("");
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  auto domain = requested_domain(services, request);
  if (!domain.has_value()) {
    return std::unexpected{std::move(domain).error()};
  }
  domain->next_hop_override.clear();
  if (!host.empty()) {
    auto parsed = policy::parse_configured_domain(host);
    if (!parsed.has_value()) {
      return refuse_request(parsed.error().message, "/host");
    }
    domain->next_hop_override = *std::move(parsed);
  }
  if (domain->is_relay_enabled && next_hop_of(*domain).empty()) {
    return refuse_conflict("relay is enabled for " + domain->domain +
                           " and no other next hop is known; disable it first");
  }
  return put_domain(services, *domain, "domain.next_hop", request.actor);
}

}  // namespace

std::vector<Route> domain_routes() {
  return {{Access::kRead, "GET", "domains", &list_domains},
          {Access::kRead, "GET", "domains/{}", &show_domain},
          {Access::kOperate, "POST", "domains/{}/enable", &enable_domain},
          {Access::kOperate, "POST", "domains/{}/disable", &disable_domain},
          {Access::kOperate, "PUT", "domains/{}/next-hop", &set_next_hop}};
}

}  // namespace directory
