// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/mx_sightings.h"

#include "directory/dns/mail_dns.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <charconv>
#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

void name_fields(auto& fields, auto& sighting) {
  fields.letter("s", sighting.standing, "omenu");
  fields.number("ttl", sighting.ttl);
  fields.number("t", sighting.seen);
  fields.number("o", sighting.ours_since);
  fields.number("b", sighting.ttl_before);
}

// `10 mx.example`
std::vector<std::string> texts_of(const std::vector<MxHost>& hosts) {
  std::vector<std::string> texts;
  texts.reserve(hosts.size());
  for (const MxHost& each : hosts) {
    texts.push_back(std::to_string(each.preference) + " " + each.host);
  }
  return texts;
}

std::vector<MxHost> hosts_of(const std::vector<std::string>& texts) {
  std::vector<MxHost> hosts;
  hosts.reserve(texts.size());
  for (const std::string& text : texts) {
    const std::size_t space = text.find(' ');
    MxHost host;
    std::from_chars(text.data(), text.data() + text.size(), host.preference);
    host.host = space == std::string::npos ? "" : text.substr(space + 1);
    hosts.push_back(std::move(host));
  }
  return hosts;
}

Result<MxSighting> decode(std::string_view key, std::string_view value) {
  MxSighting sighting;
  sighting.domain = split_key(key).front();
  std::vector<std::string> hosts;
  FieldReader fields{value};
  name_fields(fields, sighting);
  fields.texts("h", hosts);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  sighting.hosts = hosts_of(hosts);
  return sighting;
}

}  // namespace

Result<MxSighting> MxSightings::of(const std::string& domain) const {
  const std::string key = join_key({domain});
  const auto read = database_->get(Table::kMxSightings, key);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (value.has_value()) {
    return decode(key, *value);
  }
  MxSighting never;
  never.domain = domain;
  return never;
}

Result<std::map<std::string, MxSighting>> MxSightings::all() const {
  std::map<std::string, MxSighting> sightings;
  const auto read =
      database_->for_each(Table::kMxSightings,
                          "",
                          "",
                          [&](std::string_view key, std::string_view value) -> Result<bool> {
                            auto sighting = decode(key, value);
                            if (!sighting.has_value()) {
                              return std::unexpected{sighting.error()};
                            }
                            std::string domain = sighting->domain;
                            sightings.emplace(std::move(domain), *std::move(sighting));
                            return true;
                          });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return sightings;
}

Result<void> MxSightings::put(const MxSighting& sighting) {
  FieldWriter fields;
  name_fields(fields, sighting);
  fields.texts("h", texts_of(sighting.hosts));
  StateBatch batch;
  batch.put(Table::kMxSightings, join_key({sighting.domain}), fields.finish());
  return database_->commit(std::move(batch));
}

Result<void> MxSightings::remove(const std::string& domain) {
  StateBatch batch;
  batch.remove(Table::kMxSightings, join_key({domain}));
  return database_->commit(std::move(batch));
}

}  // namespace directory
