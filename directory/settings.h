// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange_settings.h"
#include "directory/graph/application.h"
#include "directory/http/tls_files.h"
#include "directory/notify_settings.h"
#include "policy/config/name_servers.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"
#include "policy/name/nickname_table.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace directory {

/// What an Office 365 directory is used for; each asks for its own permissions.
enum class Feature { kSync, kPosture, kProvision, kPull };

/// The feature as directory.yaml names it.
[[nodiscard]] std::string_view word_of(Feature feature);

/// Who starts the first sync of a directory.
enum class FirstSync { kManual, kAutomatic };

/// The people of a directory that is not read whole.
struct SelectedTargets {
  static constexpr std::size_t kMostPeople = 100;
  static constexpr std::size_t kShortestGroupText = 3;

  std::vector<std::string> people;  ///< user principal names
  std::vector<std::string> groups;  ///< what display names of groups begin with

  friend bool operator==(const SelectedTargets&, const SelectedTargets&) = default;
};

/// When a directory is read, and what of it is believed.
struct SyncSettings {
  std::chrono::milliseconds every = std::chrono::hours{1};  ///< at least a second
  FirstSync first = FirstSync::kAutomatic;
  double max_shrink = 20;  ///< per cent of the users in force that may be gone at once
  std::optional<SelectedTargets> targets;  ///< none: everybody

  friend bool operator==(const SyncSettings&, const SyncSettings&) = default;
};

/// The source of a directory of type `csv`.
struct CsvSource {
  std::filesystem::path path;

  friend bool operator==(const CsvSource&, const CsvSource&) = default;
};

/// The source of a directory of type `office365`.
struct Office365Source {
  Application application;
  std::set<Feature> features;

  friend bool operator==(const Office365Source&, const Office365Source&) = default;
};

struct DirectorySettings {
  std::string name;  ///< unique within its organization
  SyncSettings sync;
  std::variant<CsvSource, Office365Source> source;
  bool is_declared = true;  ///< in directory.yaml; else it was added with a command
};

/// Whether it is an Office 365 directory that is used for this.
[[nodiscard]] bool has_feature(const DirectorySettings& directory, Feature feature);

/// The table of nicknames that ships, which lives as long as the program.
[[nodiscard]] std::shared_ptr<const policy::NicknameTable> built_in_nicknames();

/// Who of an organization is protected, as declared.
struct ProtectionSettings {
  std::vector<std::string> groups;               ///< display names
  std::vector<std::string> people;               ///< canonical addresses, any of the person's
  std::vector<std::string> role_mailboxes;       ///< display names
  std::set<std::string, std::less<>> group_ids;  ///< added ones, by id in their directory
  std::set<std::string, std::less<>> user_ids;   ///< added ones, by id in their directory
};

struct OrganizationSettings {
  std::string name;                  ///< unique
  std::vector<std::string> domains;  ///< canonical, sorted; no other organization has one of them
  std::vector<DirectorySettings> directories;
  ProtectionSettings protect;
  /// Canonical addresses that a person may send from too, by a canonical address of the person.
  std::map<std::string, std::vector<std::string>, std::less<>> secondary_emails;
  /// Added ones, by the id of the person in its directory.
  std::map<std::string, std::vector<std::string>, std::less<>> secondary_emails_by_id;
  /// How its tenant's connectors are made; what directory.yaml leaves out is as by default.
  ExchangeSettings exchange;
  /// What people are called for short: nicknames.txt beside directory.yaml, or the built-in one.
  /// Never null.
  std::shared_ptr<const policy::NicknameTable> nicknames = built_in_nicknames();
};

/// The organization of this name; null if there is none. It belongs to `all`.
[[nodiscard]] const OrganizationSettings* find_organization(
    const std::vector<OrganizationSettings>& all, const std::string& name);

/// The directory of this name; null if there is none. It belongs to the organization.
[[nodiscard]] const DirectorySettings* find_directory(const OrganizationSettings& organization,
                                                      const std::string& name);

/// Where the admin commands reach the daemon, and browsers.
struct ApiSettings {
  std::filesystem::path socket;  ///< a Unix socket
  std::string listen_address;    ///< empty: no TCP; without `tls` loopback alone
  std::uint16_t listen_port = 0;
  std::optional<TlsFiles> tls;
  std::string public_url;  ///< without trailing slash; empty: no redirect after admin consent
};

/// Where people reach the console, without a trailing slash: `public_url`, else the address that is
/// listened on. Empty where that is none, or stands for all addresses of the machine.
[[nodiscard]] std::string console_url(const ApiSettings& api);

/// Where enabled domains are written for Postfix.
struct RelayExportSettings {
  enum class Format { kLmdb, kTexthash };

  std::filesystem::path directory;
  Format format = Format::kTexthash;
  std::string after;  ///< a shell command run after files have changed; empty for none
};

/// directory.yaml, read once at the start.
struct Settings {
  std::filesystem::path state = "/var/lib/fromguard/directory";
  std::filesystem::path snapshots = "/var/lib/fromguard/snapshots";
  /// The folder of the gateway's database of detections; empty: it is not read.
  std::filesystem::path detections;
  ApiSettings api;
  std::optional<policy::SocketAddress> metrics;  ///< where /metrics is served; none: nowhere
  std::optional<RelayExportSettings> relay_export;
  policy::NameServers dns;  ///< who is asked what DNS says of domains
  /// Addresses and networks from which the gateway sends, as given; `policy::Networks` reads them.
  std::vector<std::string> gateway_addresses;
  std::string gateway_hostname;      ///< canonical; what MX records name; empty: not given
  std::size_t keep_generations = 3;  ///< at least 2: gateways may be reading the one before
  std::vector<OrganizationSettings> organizations;  ///< at least one
  NotifySettings notify;                            ///< where notifications are sent
};

/// Reads the text of directory.yaml; paths in it are relative to the folder of `file`. Everything
/// wrong with it goes to `problems`, with warnings about keys that have no effect yet; nothing is
/// returned if there are errors.
[[nodiscard]] std::optional<Settings> parse_settings(std::string_view text,
                                                     const std::filesystem::path& file,
                                                     policy::Problems& problems);

/// `parse_settings` of the file, with the nicknames.txt beside it if there is one.
[[nodiscard]] std::optional<Settings> load_settings(const std::filesystem::path& file,
                                                    policy::Problems& problems);

}  // namespace directory
