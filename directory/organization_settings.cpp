// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/organization_settings.h"

#include "directory/settings.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::MappingReader;
using policy::Problems;
using policy::YamlValue;

void warn_of_no_effect(MappingReader& reader, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (reader.value(key).has_value()) {
      reader.warning(key, fmt::format("'{}' has no effect in this version; remove it", key));
    }
  }
}

// A text that must be there and not be empty.
std::string required_text(MappingReader& reader, std::string_view key) {
  reader.require(key);
  const auto text = reader.string(key);
  if (text.has_value() && text->empty()) {
    reader.error(key, fmt::format("'{}' is empty; write a text after the colon", key));
  }
  return text.value_or("");
}

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

std::chrono::milliseconds read_sync_period(MappingReader& reader) {
  const std::chrono::milliseconds standard = CsvDirectorySettings{}.every;
  auto sync = reader.mapping("sync");
  if (!sync.has_value()) {
    return standard;
  }
  auto every = sync->duration("every");
  if (every.has_value() && *every < std::chrono::seconds{1}) {
    sync->error("every", "'every' is under a second; write for example 5m");
    every.reset();
  }
  warn_of_no_effect(*sync, {"first", "max_shrink", "targets"});
  sync->finish();
  return every.value_or(standard);
}

CsvDirectorySettings read_directory(const YamlValue& value,
                                    const std::filesystem::path& folder,
                                    Problems& problems) {
  MappingReader reader{value, problems};
  CsvDirectorySettings settings;
  settings.name = required_text(reader, "name");
  const std::string type = required_text(reader, "type");
  if (type == "office365") {
    reader.error("type",
                 "type 'office365' is not available in this version; use type 'csv' with an "
                 "export of the people");
    return settings;
  }
  if (!type.empty() && type != "csv") {
    reader.error(
        "type", fmt::format("{} is no type of directory; write csv", policy::quoted_excerpt(type)));
    return settings;
  }
  settings.path = (folder / required_text(reader, "path")).lexically_normal();
  settings.every = read_sync_period(reader);
  reader.finish();
  return settings;
}

std::vector<CsvDirectorySettings> read_directories(MappingReader& reader,
                                                   const std::filesystem::path& folder,
                                                   Problems& problems) {
  reader.require("directories");
  const auto value = reader.value("directories");
  std::vector<CsvDirectorySettings> directories;
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
    CsvDirectorySettings directory = read_directory(item, folder, problems);
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
  reader.require("domains");
  organization.domains = read_parsed(reader, "domains", problems, policy::parse_configured_domain);
  std::ranges::sort(organization.domains);
  const auto repeated = std::ranges::unique(organization.domains);
  organization.domains.erase(repeated.begin(), repeated.end());
  organization.directories = read_directories(reader, folder, problems);
  organization.protect = read_protection(reader, problems);
  read_secondary_emails(reader, organization, problems);
  reader.finish();
  return organization;
}

}  // namespace directory
