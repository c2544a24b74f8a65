// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/settings.h"

#include "directory/http/tls_files.h"
#include "directory/notify_settings.h"
#include "directory/organization_settings.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/name_servers.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/name/nickname_table.h"
#include "policy/networks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::MappingReader;
using policy::Problems;
using policy::YamlValue;

constexpr std::uint64_t kLeastGenerations = 2;
constexpr std::uint64_t kMostGenerations = 1000;

void read_path(MappingReader& reader,
               std::string_view key,
               const std::filesystem::path& folder,
               std::filesystem::path& path) {
  const auto text = reader.string(key);
  if (!text.has_value()) {
    return;
  }
  if (text->empty()) {
    reader.error(key, fmt::format("'{}' is empty; write a path", key));
    return;
  }
  path = (folder / *text).lexically_normal();
}

std::optional<TlsFiles> read_tls(MappingReader& reader, const std::filesystem::path& folder) {
  auto mapping = reader.mapping("tls");
  if (!mapping.has_value()) {
    return std::nullopt;
  }
  TlsFiles files;
  mapping->require("certificate");
  mapping->require("key");
  read_path(*mapping, "certificate", folder, files.certificate);
  read_path(*mapping, "key", folder, files.key);
  mapping->finish();
  return files;
}

void read_listen(MappingReader& reader, ApiSettings& api) {
  const auto listen = reader.string("listen");
  if (!listen.has_value()) {
    if (api.tls.has_value()) {
      reader.warning("tls", "'tls' has no effect without 'listen'");
    }
    return;
  }
  const auto address = policy::parse_socket_address(*listen);
  if (!address.has_value()) {
    reader.error("listen", "'listen' is an address and a port: 127.0.0.1:8480");
  } else if (!address->is_loopback() && !api.tls.has_value()) {
    reader.error("listen",
                 "'listen' is no loopback address, and passwords would cross the network in clear; "
                 "name a certificate and its key in 'tls', or write 127.0.0.1:8480");
  } else {
    api.listen_address = address->host;
    api.listen_port = address->port;
  }
}

ApiSettings read_api(MappingReader& reader, const std::filesystem::path& folder) {
  ApiSettings api;
  auto mapping = reader.mapping("api");
  if (!mapping.has_value()) {
    return api;
  }
  read_path(*mapping, "socket", folder, api.socket);
  api.tls = read_tls(*mapping, folder);
  read_listen(*mapping, api);
  if (const auto url = mapping->string("public_url"); url.has_value()) {
    api.public_url = url->ends_with('/') ? url->substr(0, url->size() - 1) : *url;
    if (!api.public_url.starts_with("https://") &&
        !api.public_url.starts_with("http://localhost")) {
      mapping->error("public_url", "'public_url' must begin with https://");
    }
  }
  mapping->finish();
  return api;
}

std::optional<RelayExportSettings> read_relay_export(MappingReader& reader,
                                                     const std::filesystem::path& folder) {
  using Format = RelayExportSettings::Format;
  constexpr std::array<std::pair<std::string_view, Format>, 2> kFormats{
      {{"lmdb", Format::kLmdb}, {"texthash", Format::kTexthash}}};
  auto mapping = reader.mapping("relay_export");
  if (!mapping.has_value()) {
    return std::nullopt;
  }
  RelayExportSettings settings;
  mapping->require("directory");
  read_path(*mapping, "directory", folder, settings.directory);
  settings.format = mapping->word<Format>("format", kFormats).value_or(settings.format);
  settings.after = mapping->string("after").value_or("");
  mapping->finish();
  return settings;
}

// What the world sees of the gateway.
void read_gateway(MappingReader& reader, Settings& settings) {
  settings.gateway_addresses =
      reader.strings("gateway_addresses").value_or(std::vector<std::string>{});
  const auto networks = policy::Networks::parse(settings.gateway_addresses);
  if (!networks.has_value()) {
    reader.error("gateway_addresses", networks.error().message);
  }
  const auto hostname = reader.string("gateway_hostname");
  if (!hostname.has_value()) {
    return;
  }
  auto parsed = policy::parse_configured_domain(*hostname);
  if (parsed.has_value()) {
    settings.gateway_hostname = *std::move(parsed);
  } else {
    reader.error("gateway_hostname", parsed.error().message);
  }
}

std::set<std::string> names_of(const std::vector<OrganizationSettings>& organizations) {
  std::set<std::string> names;
  for (const OrganizationSettings& organization : organizations) {
    names.insert(organization.name);
  }
  return names;
}

// Organizations are told apart by name and by domain.
class Uniqueness {
 public:
  explicit Uniqueness(Problems& problems) : problems_(&problems) {}

  void check(const OrganizationSettings& organization, const policy::Place& place) {
    if (!organization.name.empty() && !names_.insert(organization.name).second) {
      problems_->error(place,
                       fmt::format("there are two organizations {}; give each its own name",
                                   policy::quoted_excerpt(organization.name)));
    }
    for (const std::string& domain : organization.domains) {
      const auto [owner, is_new] = domains_.emplace(domain, organization.name);
      if (!is_new) {
        problems_->error(place,
                         fmt::format("domain {} belongs to organization {} already; a domain "
                                     "belongs to one organization",
                                     policy::quoted_excerpt(domain),
                                     policy::quoted_excerpt(owner->second)));
      }
    }
  }

 private:
  Problems* problems_;
  std::set<std::string> names_;
  std::map<std::string, std::string> domains_;
};

void read_organizations(MappingReader& reader,
                        const std::filesystem::path& folder,
                        Settings& settings,
                        Problems& problems) {
  reader.require("organizations");
  const auto value = reader.value("organizations");
  if (!value.has_value()) {
    return;
  }
  if (value->kind() != YamlValue::Kind::kSequence || value->items().empty()) {
    reader.error("organizations",
                 "'organizations' must be a list of at least one organization; write "
                 "'- name: contoso' with its keys below");
    return;
  }
  Uniqueness uniqueness{problems};
  for (const YamlValue& item : value->items()) {
    settings.organizations.push_back(read_organization(item, folder, problems));
    uniqueness.check(settings.organizations.back(), item.place());
  }
}

// The table beside the configuration, or the built-in one if there is none; null if it is wrong.
std::shared_ptr<const policy::NicknameTable> load_nicknames(const std::filesystem::path& path,
                                                            Problems& problems) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return built_in_nicknames();
  }
  const auto text = policy::read_configuration_file(path, problems);
  if (!text.has_value()) {
    return nullptr;
  }
  auto table = policy::NicknameTable::parse(*text);
  if (!table.has_value()) {
    problems.error({.file = path.string()}, table.error().message);
    return nullptr;
  }
  return std::make_shared<const policy::NicknameTable>(*std::move(table));
}

}  // namespace

std::shared_ptr<const policy::NicknameTable> built_in_nicknames() {
  return {std::shared_ptr<void>{}, &policy::NicknameTable::built_in()};
}

const OrganizationSettings* find_organization(const std::vector<OrganizationSettings>& all,
                                              const std::string& name) {
  const auto found = std::ranges::find(all, name, &OrganizationSettings::name);
  return found == all.end() ? nullptr : &*found;
}

const DirectorySettings* find_directory(const OrganizationSettings& organization,
                                        const std::string& name) {
  const auto found = std::ranges::find(organization.directories, name, &DirectorySettings::name);
  return found == organization.directories.end() ? nullptr : &*found;
}

bool has_feature(const DirectorySettings& directory, Feature feature) {
  const auto* source = std::get_if<Office365Source>(&directory.source);
  return source != nullptr && source->features.contains(feature);
}

std::string console_url(const ApiSettings& api) {
  const bool is_anywhere = api.listen_address == "0.0.0.0" || api.listen_address == "::";
  if (!api.public_url.empty() || api.listen_address.empty() || is_anywhere) {
    return api.public_url;
  }
  const bool is_ipv6 = api.listen_address.contains(':');
  return fmt::format("{}://{}{}{}:{}",
                     api.tls.has_value() ? "https" : "http",
                     is_ipv6 ? "[" : "",
                     api.listen_address,
                     is_ipv6 ? "]" : "",
                     api.listen_port);
}

std::optional<Settings> parse_settings(std::string_view text,
                                       const std::filesystem::path& file,
                                       Problems& problems) {
  const auto document = policy::parse_yaml(text, file.string(), problems);
  if (!document.has_value()) {
    return std::nullopt;
  }
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  Settings settings;
  MappingReader reader{*document, problems};
  read_path(reader, "state", folder, settings.state);
  read_path(reader, "snapshots", folder, settings.snapshots);
  if (settings.state == settings.snapshots) {
    reader.error("snapshots", "'state' and 'snapshots' are one folder; give each its own");
  }
  read_path(reader, "detections", folder, settings.detections);
  if (settings.detections == settings.state || settings.detections == settings.snapshots) {
    reader.error("detections", "'detections' must be a folder of its own: that of gateway.yaml");
  }
  settings.keep_generations =
      reader.integer("keep_generations", kLeastGenerations, kMostGenerations)
          .value_or(settings.keep_generations);
  settings.api = read_api(reader, folder);
  if (settings.api.socket.empty()) {
    settings.api.socket = settings.state / "directory.sock";
  }
  settings.relay_export = read_relay_export(reader, folder);
  settings.dns = policy::read_name_servers(reader);
  read_gateway(reader, settings);
  read_organizations(reader, folder, settings, problems);
  settings.notify = read_notify(reader, folder, names_of(settings.organizations), problems);
  if (const auto address = reader.string("metrics"); address.has_value()) {
    settings.metrics = policy::parse_socket_address(*address);
    if (!settings.metrics.has_value()) {
      reader.error("metrics", "'" + *address + "' is no address; write 127.0.0.1:9812");
    }
  }
  reader.finish();
  if (problems.has_errors()) {
    return std::nullopt;
  }
  return settings;
}

std::optional<Settings> load_settings(const std::filesystem::path& file, Problems& problems) {
  const auto text = policy::read_configuration_file(file, problems);
  if (!text.has_value()) {
    return std::nullopt;
  }
  auto settings = parse_settings(*text, file, problems);
  const auto nicknames =
      load_nicknames(std::filesystem::absolute(file).parent_path() / "nicknames.txt", problems);
  if (!settings.has_value() || nicknames == nullptr) {
    return std::nullopt;
  }
  for (OrganizationSettings& organization : settings->organizations) {
    organization.nicknames = nicknames;
  }
  return settings;
}

}  // namespace directory
