// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/domain_json.h"

#include "directory/dns/mail_dns.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/records.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace json = boost::json;

std::string_view word_of(MxStanding standing) {
  switch (standing) {
    case MxStanding::kOurs: return "ours";
    case MxStanding::kMixed: return "mixed";
    case MxStanding::kElsewhere: return "elsewhere";
    case MxStanding::kNone: return "none";
    case MxStanding::kUnknown: break;
  }
  return "unknown";
}

}  // namespace

json::object mx_to_json(const MxSighting& sighting) {
  json::array hosts;
  for (const MxHost& each : sighting.hosts) {
    hosts.emplace_back(json::object{{"host", each.host}, {"preference", each.preference}});
  }
  return {{"standing", word_of(sighting.standing)},
          {"hosts", std::move(hosts)},
          {"ttl", sighting.ttl},
          {"checked", sighting.seen},
          {"ready_at", sighting.ready_at()}};
}

json::object domain_to_json(const ImportedDomain& domain, const MxSighting& sighting) {
  return {{"domain", domain.domain},
          {"organization", domain.source.organization},
          {"directory", domain.source.directory},
          {"imported", true},
          {"default", domain.is_default},
          {"initial", domain.is_initial},
          {"authentication_type", domain.authentication_type},
          {"next_hop", domain.next_hop},
          {"next_hop_override", domain.next_hop_override},
          {"relay_enabled", domain.is_relay_enabled},
          {"gone", domain.is_gone},
          {"seen", domain.seen},
          {"mx", mx_to_json(sighting)}};
}

}  // namespace directory
