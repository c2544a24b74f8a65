// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/relay/outbound_tenants.h"

#include "directory/publish/durable_files.h"
#include "directory/store/secret_files.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <expected>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

namespace directory {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// JSON is YAML.
std::string to_yaml(const std::vector<OutboundTenant>& tenants) {
  std::string text = "# Written by fromguard-directory. It holds secrets.\ntenants:";
  for (const OutboundTenant& each : tenants) {
    const json::object tenant{{"organization", each.organization},
                              {"tenant", each.tenant},
                              {"header", each.header},
                              {"secrets", json::array{json::value(each.secret)}}};
    text += "\n  - " + json::serialize(tenant);
  }
  return text + (tenants.empty() ? " []\n" : "\n");
}

bool has_content(const fs::path& path, const std::string& text) {
  std::ifstream file{path, std::ios::binary};
  const std::string found{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
  return file.is_open() && !file.bad() && found == text;
}

}  // namespace

policy::Result<void> write_outbound_tenants(const fs::path& path,
                                            const std::vector<OutboundTenant>& tenants) {
  const std::string text = to_yaml(tenants);
  if (has_content(path, text)) {
    return {};
  }
  if (auto made = make_folder(path.parent_path()); !made.has_value()) {
    return made;
  }
  const fs::path draft = path.parent_path() / ("." + path.filename().string() + ".new");
  if (auto removed = remove_tree(draft); !removed.has_value()) {
    return removed;
  }
  if (auto written = write_secret_file(draft, text); !written.has_value()) {
    return written;
  }
  std::error_code failed;
  fs::permissions(draft, fs::perms::group_read, fs::perm_options::add, failed);
  if (failed) {
    return policy::fail(policy::ErrorCode::kUnavailable,
                        "cannot let the group read " + draft.string() + ": " + failed.message());
  }
  return rename_durably(draft, path);
}

}  // namespace directory
