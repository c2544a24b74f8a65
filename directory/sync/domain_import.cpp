// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/domain_import.h"

#include "directory/graph/directory_queries.h"
#include "directory/graph/endpoints.h"
#include "directory/store/records.h"
#include "policy/mail_address.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

bool carries_mail(const TenantDomain& domain) {
  return std::ranges::find(domain.supported_services, "Email") != domain.supported_services.end();
}

std::string checked_next_hop(std::string_view mail_exchange, const CloudEndpoints& cloud) {
  const auto host = policy::parse_configured_domain(mail_exchange);
  const auto is_its_end = [&](const std::string& suffix) { return host->ends_with(suffix); };
  const bool is_good = host.has_value() && (cloud.mx_suffixes.empty() ||
                                            std::ranges::any_of(cloud.mx_suffixes, is_its_end));
  return is_good ? *host : std::string{};
}

}  // namespace

std::vector<ImportedDomain> importable_domains(const std::vector<TenantDomain>& domains,
                                               const CloudEndpoints& cloud) {
  std::vector<ImportedDomain> imported;
  for (const TenantDomain& domain : domains) {
    const auto name = policy::parse_configured_domain(domain.name);
    if (!name.has_value() || !domain.is_verified || !carries_mail(domain)) {
      continue;
    }
    ImportedDomain made;
    made.domain = *name;
    made.is_default = domain.is_default;
    made.is_initial = domain.is_initial;
    made.authentication_type = domain.authentication_type;
    made.next_hop = checked_next_hop(domain.mail_exchange, cloud);
    imported.push_back(std::move(made));
  }
  return imported;
}

}  // namespace directory
