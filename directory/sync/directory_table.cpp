// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/directory_table.h"

#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/sync/tenant.h"
#include "policy/result.h"

#include <expected>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace directory {
namespace {

bool is_same(const DirectorySettings& a, const DirectorySettings& b) {
  return a.source == b.source && a.sync == b.sync;
}

}  // namespace

std::vector<DirectoryKey> DirectoryTable::assign(
    const std::vector<OrganizationSettings>& organizations) {
  std::map<DirectoryKey, DirectoryEntry> assigned;
  std::vector<DirectoryKey> changed;
  const auto take_over = [&](const DirectoryKey& key, const DirectorySettings& settings) {
    DirectoryEntry entry;
    if (const auto known = entries_.find(key); known != entries_.end()) {
      entry = std::move(known->second);
    }
    if (entry.settings == nullptr || !is_same(*entry.settings, settings)) {
      entry.tenant.reset();
      changed.push_back(key);
    }
    entry.settings = std::make_shared<const DirectorySettings>(settings);
    assigned.emplace(key, std::move(entry));
  };
  for (const OrganizationSettings& organization : organizations) {
    for (const DirectorySettings& settings : organization.directories) {
      take_over({.organization = organization.name, .directory = settings.name}, settings);
    }
  }
  entries_ = std::move(assigned);
  return changed;
}

policy::Result<DirectoryEntry*> DirectoryTable::find(const DirectoryKey& key) {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) {
    return policy::fail(policy::ErrorCode::kNotFound,
                        "there is no directory " + key.organization + "/" + key.directory);
  }
  return &entry->second;
}

policy::Result<std::shared_ptr<Tenant>> DirectoryTable::tenant(const DirectoryKey& key) {
  const auto entry = find(key);
  if (!entry.has_value()) {
    return std::unexpected{entry.error()};
  }
  const auto* source = std::get_if<Office365Source>(&(*entry)->settings->source);
  if (source == nullptr) {
    return policy::fail(
        policy::ErrorCode::kInvalidInput,
        key.organization + "/" + key.directory + " is no directory of type office365");
  }
  if ((*entry)->tenant == nullptr) {
    auto opened = Tenant::open(executor_, source->application, *log_);
    if (!opened.has_value()) {
      return std::unexpected{std::move(opened).error()};
    }
    (*entry)->tenant = *std::move(opened);
  }
  return (*entry)->tenant;
}

}  // namespace directory
