// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/records.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <set>
#include <string>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// Text as YAML: as JSON has it, which is YAML.
std::string quoted(const std::string& text) {
  return json::serialize(json::string{text});
}

std::string list_of(const std::set<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += (list.empty() ? "" : ", ") + quoted(text);
  }
  return "[" + list + "]";
}

std::string directories_yaml(const std::string& organization,
                             const std::vector<AddedDirectory>& directories) {
  std::string yaml;
  for (const AddedDirectory& directory : directories) {
    if (directory.key.organization == organization) {
      yaml += "      - " + directory.settings + "\n";
    }
  }
  return yaml.empty() ? "" : "    directories:\n" + yaml;
}

std::string protect_yaml(const std::string& organization, const Additions& additions) {
  std::set<std::string> groups;
  std::set<std::string> people;
  for (const AddedProtection& added : additions.protections()) {
    if (added.organization == organization) {
      const bool is_group = added.kind == ProtectionKind::kGroup;
      (is_group ? groups : people).insert(is_group ? added.label : added.email);
    }
  }
  // Somebody without an address cannot be declared.
  people.erase("");
  groups.erase("");
  if (groups.empty() && people.empty()) {
    return "";
  }
  return "    protect:\n" + (groups.empty() ? "" : "      groups: " + list_of(groups) + "\n") +
         (people.empty() ? "" : "      people: " + list_of(people) + "\n");
}

std::string emails_yaml(const std::string& organization, const Additions& additions) {
  std::string yaml;
  for (const AddedSecondaryEmails& added : additions.all_secondary_emails()) {
    if (added.organization == organization && !added.email.empty()) {
      const std::set<std::string> addresses{added.addresses.begin(), added.addresses.end()};
      yaml += "      " + quoted(added.email) + ": " + list_of(addresses) + "\n";
    }
  }
  return yaml.empty() ? "" : "    secondary_emails:\n" + yaml;
}

// What was added, as keys that directory.yaml would declare it with.
ApiResult export_additions(const ApiServices& services, const ApiRequest& request) {
  const auto additions = Additions::read(*services.records);
  if (!additions.has_value()) {
    return refuse(additions.error());
  }
  const auto directories = services.records->directories();
  if (!directories.has_value()) {
    return refuse(directories.error());
  }
  std::string yaml;
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    const std::string added = directories_yaml(organization->name, *directories) +
                              protect_yaml(organization->name, *additions) +
                              emails_yaml(organization->name, *additions);
    if (!added.empty()) {
      yaml += "  - name: " + quoted(organization->name) + "\n" + added;
    }
  }
  yaml = yaml.empty() ? "organizations: []\n" : "organizations:\n" + yaml;
  return answer(json::serialize(json::object{{"yaml", yaml}}));
}

}  // namespace

std::vector<Route> export_routes() {
  return {{Access::kRead, "GET", "export", &export_additions}};
}

}  // namespace directory
