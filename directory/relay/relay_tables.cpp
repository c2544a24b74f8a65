// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/relay/relay_tables.h"

#include "directory/people/stored_people.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using Addresses = std::set<std::string, std::less<>>;
using NextHops = std::map<std::string, std::string, std::less<>>;

void add_if_relayed(const std::vector<std::string>& addresses,
                    const NextHops& domains,
                    Addresses& recipients) {
  for (const std::string& address : addresses) {
    if (domains.contains(policy::domain_of(address))) {
      recipients.insert(address);
    }
  }
}

// A group receives as a person does.
std::vector<std::string> addresses_of_group(const StoredGroup& group,
                                            const OrganizationSettings& organization) {
  StoredUser user;
  user.mail = group.mail;
  user.proxy_addresses = group.proxy_addresses;
  return addresses_of(user, organization);
}

policy::Result<void> add_recipients(const ContentView& view,
                                    const OrganizationSettings& organization,
                                    const NextHops& domains,
                                    Addresses& recipients) {
  auto read = view.for_each_user(
      [&](const StoredUser& user, const std::vector<std::string>&) -> policy::Result<bool> {
        add_if_relayed(addresses_of(user, organization), domains, recipients);
        return true;
      });
  if (!read.has_value()) {
    return read;
  }
  return view.for_each_group([&](const StoredGroup& group) -> policy::Result<bool> {
    add_if_relayed(addresses_of_group(group, organization), domains, recipients);
    return true;
  });
}

policy::Result<void> add_recipients_of(const OrganizationSettings& organization,
                                       const NextHops& domains,
                                       const std::shared_ptr<const StateReader>& state,
                                       Addresses& recipients) {
  for (const DirectorySettings& directory : organization.directories) {
    const auto view =
        ContentView::open(state, {.organization = organization.name, .directory = directory.name});
    if (!view.has_value()) {
      return std::unexpected{view.error()};
    }
    auto added = add_recipients(*view, organization, domains, recipients);
    if (!added.has_value()) {
      return added;
    }
  }
  return {};
}

policy::Result<Addresses> find_recipients(const std::vector<OrganizationSettings>& organizations,
                                          const NextHops& domains,
                                          const std::shared_ptr<const StateReader>& state) {
  Addresses recipients;
  for (const OrganizationSettings& organization : organizations) {
    auto added = add_recipients_of(organization, domains, state, recipients);
    if (!added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
  }
  return recipients;
}

}  // namespace

const std::string& next_hop_of(const ImportedDomain& domain) {
  return domain.next_hop_override.empty() ? domain.next_hop : domain.next_hop_override;
}

policy::Result<RelayTables> make_relay_tables(
    const std::vector<ImportedDomain>& domains,
    const std::vector<OrganizationSettings>& organizations,
    const std::shared_ptr<const StateReader>& state) {
  NextHops next_hops;
  for (const ImportedDomain& domain : domains) {
    if (domain.is_relay_enabled && !next_hop_of(domain).empty()) {
      next_hops.emplace(domain.domain, next_hop_of(domain));
    }
  }
  RelayTables tables;
  for (const auto& [domain, next_hop] : next_hops) {
    tables.relay_domains += fmt::format("{} OK\n", domain);
    tables.transport += fmt::format("{} smtp:[{}]:25\n", domain, next_hop);
  }
  if (next_hops.empty()) {
    return tables;
  }
  const auto recipients = find_recipients(organizations, next_hops, state);
  if (!recipients.has_value()) {
    return std::unexpected{recipients.error()};
  }
  for (const std::string& recipient : *recipients) {
    tables.relay_recipients += fmt::format("{} OK\n", recipient);
  }
  return tables;
}

}  // namespace directory
