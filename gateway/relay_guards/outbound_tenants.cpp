// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/outbound_tenants.h"

#include "gateway/message/octets.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/digest.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

namespace gateway {
namespace {

using policy::MappingReader;
using policy::Problems;
using policy::YamlValue;

constexpr std::size_t kLongestHeader = 76;  // so that a line has room for a value
constexpr std::size_t kShortestSecret = 16;

bool is_visible_ascii(char c) {
  return c > ' ' && c <= '~';
}

bool is_hexadecimal(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_guid(std::string_view text) {
  constexpr std::string_view kShape = "00000000-0000-0000-0000-000000000000";
  return std::ranges::equal(
      text, kShape, [](char c, char shape) { return shape == '-' ? c == '-' : is_hexadecimal(c); });
}

// A name of ours to give: it is stripped from what the tenant sends.
bool is_secret_field_name(std::string_view name) {
  constexpr std::string_view kOwn = "X-";
  constexpr std::string_view kExchange = "X-MS-";
  return name.size() > kOwn.size() && name.size() <= kLongestHeader &&
         equal_ignoring_case(name.substr(0, kOwn.size()), kOwn) &&
         !equal_ignoring_case(name.substr(0, kExchange.size()), kExchange) &&
         std::ranges::all_of(name, [](char c) { return is_visible_ascii(c) && c != ':'; });
}

std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  return lower;
}

// Reads tenants one by one. Says nothing of what it reads: a secret may stand in a wrong place.
class TenantReader {
 public:
  explicit TenantReader(Problems& problems) : problems_(problems) {}

  OutboundTenant read(const YamlValue& value) {
    OutboundTenant tenant;
    if (value.kind() != YamlValue::Kind::kMapping) {
      problems_.error(value.place(), "a tenant must be a mapping; begin it with '- organization:'");
      return tenant;
    }
    MappingReader reader{value, problems_};
    tenant.organization = text(reader, "organization");
    read_tenant(reader, tenant);
    tenant.header = text(reader, "header");
    if (!tenant.header.empty() && !is_secret_field_name(tenant.header)) {
      reader.error("header",
                   "'header' must be the name of a header field that begins with X-, but not with "
                   "X-MS-, like X-Fromguard-Tenant");
    }
    read_secrets(reader, tenant);
    reader.finish();
    return tenant;
  }

 private:
  static std::string text(MappingReader& reader, std::string_view key) {
    reader.require(key);
    auto found = reader.string(key);
    if (found.has_value() && found->empty()) {
      reader.error(key, fmt::format("'{}' is empty; give it a value", key));
    }
    return std::move(found).value_or(std::string{});
  }

  void read_tenant(MappingReader& reader, OutboundTenant& tenant) {
    tenant.tenant = in_lower_case(text(reader, "tenant"));
    if (tenant.tenant.empty()) {
      return;
    }
    if (!is_guid(tenant.tenant)) {
      reader.error("tenant",
                   "'tenant' must be the tenant's id, like 11111111-2222-3333-4444-555555555555");
      return;
    }
    const auto [first, is_new] = lines_.try_emplace(tenant.tenant, reader.place().line);
    if (!is_new) {
      reader.error(
          "tenant",
          fmt::format("this tenant is in line {} already; put its secrets there", first->second));
    }
  }

  void read_secrets(MappingReader& reader, OutboundTenant& tenant) {
    reader.require("secrets");
    for (const YamlValue& item : reader.scalars("secrets").value_or(std::vector<YamlValue>{})) {
      const std::string& secret = item.text();
      if (secret.size() < kShortestSecret || secret.size() > kLongestTenantSecret ||
          !std::ranges::all_of(secret, is_visible_ascii)) {
        problems_.error(item.place(),
                        fmt::format("a secret must have {} to {} letters, digits and signs of "
                                    "ASCII, without blanks",
                                    kShortestSecret,
                                    kLongestTenantSecret));
      }
      tenant.secret_digests.push_back(policy::sha256_hex(secret));
    }
  }

  Problems& problems_;
  std::map<std::string, int, std::less<>> lines_;  // where each tenant stood first
};

std::vector<OutboundTenant> read_tenants(const YamlValue& root, Problems& problems) {
  std::vector<OutboundTenant> tenants;
  if (root.kind() != YamlValue::Kind::kMapping) {
    problems.error(root.place(), "the key 'tenants' is missing; begin the file with 'tenants:'");
    return tenants;
  }
  MappingReader file{root, problems};
  file.require("tenants");
  const auto value = file.value("tenants");
  file.finish();
  if (!value.has_value()) {
    return tenants;
  }
  if (value->kind() != YamlValue::Kind::kSequence) {
    file.error("tenants",
               "'tenants' must be a list; begin each tenant with '- organization:', or write [] "
               "for none");
    return tenants;
  }
  TenantReader reader{problems};
  tenants.reserve(value->items().size());
  for (const YamlValue& item : value->items()) {
    tenants.push_back(reader.read(item));
  }
  return tenants;
}

// Looks at every octet, so that time tells nothing of where two digests differ.
bool is_same_digest(std::string_view a, std::string_view b) {
  unsigned int difference = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    difference |= static_cast<unsigned int>(a[i] ^ b[i]);
  }
  return difference == 0;
}

void warn_if_public(const std::filesystem::path& path, Problems& problems) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
    problems.warning({.file = path.string()},
                     "everybody on this host may read the secrets in it; chmod 0640");
  }
}

}  // namespace

bool OutboundTenant::has_secret(std::string_view value) const {
  // Of the value only its digest is compared: nobody can steer where that differs.
  const std::string digest = policy::sha256_hex(value);
  bool is_one = false;
  for (const std::string& secret : secret_digests) {
    is_one = is_same_digest(secret, digest) || is_one;
  }
  return is_one;
}

std::optional<OutboundTenants> OutboundTenants::parse(std::string_view text,
                                                      const std::string& file_name,
                                                      Problems& problems) {
  Problems found;
  OutboundTenants result;
  if (const auto root = policy::parse_yaml(text, file_name, found); root.has_value()) {
    result.tenants_ = read_tenants(*root, found);
  }
  problems.append(found);
  if (found.has_errors()) {
    return std::nullopt;
  }
  for (const OutboundTenant& tenant : result.tenants_) {
    if (!result.is_secret_field(tenant.header)) {
      result.headers_.push_back(tenant.header);
    }
  }
  return result;
}

std::optional<OutboundTenants> OutboundTenants::load(const std::filesystem::path& path,
                                                     Problems& problems) {
  const auto text = policy::read_configuration_file(path, problems);
  if (!text.has_value()) {
    return std::nullopt;
  }
  warn_if_public(path, problems);
  return parse(*text, path.string(), problems);
}

const OutboundTenant* OutboundTenants::find(std::string_view tenant) const {
  const auto found = std::ranges::find_if(tenants_, [&](const OutboundTenant& each) {
    return equal_ignoring_case(each.tenant, tenant);
  });
  return found == tenants_.end() ? nullptr : &*found;
}

bool OutboundTenants::is_secret_field(std::string_view name) const {
  return std::ranges::any_of(
      headers_, [&](const std::string& header) { return equal_ignoring_case(header, name); });
}

}  // namespace gateway
