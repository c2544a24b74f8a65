// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/organization_settings.h"

#include "directory/directory_settings.h"
#include "directory/exchange_settings.h"
#include "directory/settings.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::MappingReader;
using policy::Problems;
using policy::YamlValue;

// Reads a list with `parse`, and reports each member that it refuses where that stands.
template <typename Parse>
std::vector<std::string> read_parsed(MappingReader& reader,
                                     std::string_view key,
                                     Problems& problems,
                                     Parse parse) {
  const auto texts = reader.strings(key);
  const auto value = reader.value(key);
  std::vector<std::string> parsed;
  for (std::size_t i = 0; texts.has_value() && i < texts->size(); ++i) {
    policy::Result<std::string> each = parse((*texts)[i]);
    if (each.has_value()) {
      parsed.push_back(*std::move(each));
    } else {
      const bool is_list = value.has_value() && value->kind() == YamlValue::Kind::kSequence;
      problems.error(is_list ? value->items()[i].place() : reader.place_of(key),
                     each.error().message);
    }
  }
  return parsed;
}

policy::Result<std::string> parse_display_name(const std::string& text) {
  if (text.find_first_not_of(" \t") == std::string::npos) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "a name is empty; write a display name or remove it");
  }
  return text;
}

std::vector<DirectorySettings> read_directories(MappingReader& reader,
                                                const std::filesystem::path& folder,
                                                Problems& problems) {
  reader.require("directories");
  const auto value = reader.value("directories");
  std::vector<DirectorySettings> directories;
  if (!value.has_value()) {
    return directories;
  }
  if (value->kind() != YamlValue::Kind::kSequence || value->items().empty()) {
    reader.error("directories",
                 "'directories' must be a list of at least one directory; write "
                 "'- {name: Staff, type: csv, path: staff.csv}'");
    return directories;
  }
  std::set<std::string> names;
  for (const YamlValue& item : value->items()) {
    DirectorySettings directory = read_directory_settings(item, folder, problems);
    if (!directory.name.empty() && !names.insert(directory.name).second) {
      problems.error(item.place(),
                     fmt::format("the organization has two directories {}; give each its own name",
                                 policy::quoted_excerpt(directory.name)));
    }
    directories.push_back(std::move(directory));
  }
  return directories;
}

ProtectionSettings read_protection(MappingReader& reader, Problems& problems) {
  ProtectionSettings protect;
  auto mapping = reader.mapping("protect");
  if (!mapping.has_value()) {
    reader.warning("protect", "nobody is protected: there is no 'protect'; name groups or people");
    return protect;
  }
  protect.groups = read_parsed(*mapping, "groups", problems, parse_display_name);
  protect.people = read_parsed(*mapping, "people", problems, policy::parse_configured_address);
  protect.role_mailboxes = read_parsed(*mapping, "role_mailboxes", problems, parse_display_name);
  mapping->finish();
  return protect;
}

void read_secondary_emails(MappingReader& reader,
                           OrganizationSettings& organization,
                           Problems& problems) {
  const auto value = reader.value("secondary_emails");
  if (!value.has_value()) {
    return;
  }
  MappingReader people{*value, problems};
  for (const auto& [key, ignored] : value->entries()) {
    const auto person = policy::parse_configured_address(key.text());
    if (!person.has_value()) {
      problems.error(key.place(), person.error().message);
    }
    auto addresses = read_parsed(people, key.text(), problems, policy::parse_configured_address);
    if (!person.has_value()) {
      continue;
    }
    const auto added = organization.secondary_emails.emplace(*person, std::move(addresses));
    if (!added.second) {
      problems.error(key.place(),
                     fmt::format("{} is there twice; write all addresses in one list",
                                 policy::quoted_excerpt(*person)));
    }
  }
}

}  // namespace

OrganizationSettings read_organization(const YamlValue& value,
                                       const std::filesystem::path& folder,
                                       Problems& problems) {
  MappingReader reader{value, problems};
  OrganizationSettings organization;
  organization.name = required_text(reader, "name");
  organization.domains = read_parsed(reader, "domains", problems, policy::parse_configured_domain);
  std::ranges::sort(organization.domains);
  const auto repeated = std::ranges::unique(organization.domains);
  organization.domains.erase(repeated.begin(), repeated.end());
  organization.directories = read_directories(reader, folder, problems);
  const bool may_import =
      std::ranges::any_of(organization.directories, [](const DirectorySettings& each) {
        return std::holds_alternative<Office365Source>(each.source);
      });
  if (!may_import) {
    reader.require("domains");
  }
  organization.protect = read_protection(reader, problems);
  read_secondary_emails(reader, organization, problems);
  organization.exchange = read_exchange(reader).value_or(ExchangeSettings{});
  reader.finish();
  return organization;
}

}  // namespace directory
