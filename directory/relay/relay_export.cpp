// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/relay/relay_export.h"

#include "directory/publish/durable_files.h"
#include "directory/relay/relay_tables.h"
#include "directory/settings.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/event.h"
#include "policy/result.h"

#include <cstdlib>
#include <expected>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::Result;

bool has_content(const fs::path& path, std::string_view text) {
  std::ifstream file{path, std::ios::binary};
  const std::string found{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
  return file.is_open() && !file.bad() && found == text;
}

// True if the file has changed.
Result<bool> write_table(const fs::path& path, std::string_view text) {
  if (fs::exists(path) && has_content(path, text)) {
    return false;
  }
  const fs::path draft = path.parent_path() / ("." + path.filename().string() + ".new");
  if (auto removed = remove_tree(draft); !removed.has_value()) {
    return std::unexpected{std::move(removed).error()};
  }
  if (auto written = write_new_file(draft, text); !written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  if (auto renamed = rename_durably(draft, path); !renamed.has_value()) {
    return std::unexpected{std::move(renamed).error()};
  }
  return true;
}

Result<void> run_shell(const std::string& command) {
  // The operator's own words from directory.yaml; the daemon's thread waits.
  const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
  if (status == 0) {
    return {};
  }
  return policy::fail(policy::ErrorCode::kUnavailable,
                      fmt::format("'{}' failed; run it by hand to see why", command));
}

// The texts are sources of LMDB files, which postmap replaces in one transaction each.
std::string command_after(const RelayExportSettings& settings) {
  if (!settings.after.empty() || settings.format == RelayExportSettings::Format::kTexthash) {
    return settings.after;
  }
  const std::string folder = settings.directory.string();
  return fmt::format("cd '{}' && postmap lmdb:relay_domains lmdb:transport lmdb:relay_recipients",
                     folder);
}

Result<void> write_tables(const RelayExportSettings& settings, const RelayTables& tables) {
  if (auto made = make_folder(settings.directory); !made.has_value()) {
    return made;
  }
  bool has_changed = false;
  // Recipients first: a domain that is relayed before its recipients are known refuses them.
  for (const auto& [name, text] : {std::pair{"relay_recipients", &tables.relay_recipients},
                                   std::pair{"transport", &tables.transport},
                                   std::pair{"relay_domains", &tables.relay_domains}}) {
    const auto written = write_table(settings.directory / name, *text);
    if (!written.has_value()) {
      return std::unexpected{written.error()};
    }
    has_changed = has_changed || *written;
  }
  const std::string command = command_after(settings);
  return has_changed && !command.empty() ? run_shell(command) : Result<void>{};
}

Result<void> write_export(const RelayExportSettings& settings,
                          const std::vector<OrganizationSettings>& organizations,
                          const Records& records,
                          const std::shared_ptr<const StateReader>& state) {
  const auto domains = records.domains();
  if (!domains.has_value()) {
    return std::unexpected{domains.error()};
  }
  if (domains->empty()) {
    return {};
  }
  const auto tables = make_relay_tables(*domains, organizations, state);
  return tables.has_value() ? write_tables(settings, *tables)
                            : Result<void>{std::unexpected{tables.error()}};
}

}  // namespace

void export_relay(const Settings& settings,
                  const std::vector<OrganizationSettings>& organizations,
                  const Records& records,
                  const std::shared_ptr<const StateReader>& state,
                  const policy::EventLog& log) {
  if (!settings.relay_export.has_value()) {
    return;
  }
  const auto exported = write_export(*settings.relay_export, organizations, records, state);
  if (!exported.has_value()) {
    log.write(policy::EventId::kRelayExportFailed,
              {{.key = "error", .value = exported.error().message}});
  }
}

}  // namespace directory
