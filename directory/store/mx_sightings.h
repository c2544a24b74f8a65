// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace directory {

/// Whose the servers are that take mail for a domain.
enum class MxStanding : char {
  kOurs = 'o',       ///< every one is the gateway
  kMixed = 'm',      ///< some are
  kElsewhere = 'e',  ///< none is
  kNone = 'n',       ///< the domain has no MX, or the null MX (RFC 7505)
  kUnknown = 'u',    ///< DNS has not told yet
};

/// What MX a domain had when DNS last told.
struct MxSighting {
  std::string domain;  ///< canonical
  MxStanding standing = MxStanding::kUnknown;
  std::vector<MxHost> hosts;
  std::uint32_t ttl = 0;        ///< seconds
  std::int64_t seen = 0;        ///< seconds since 1970; 0: never
  std::int64_t ours_since = 0;  ///< when it was first seen to be ours; 0 while it is not
  std::uint32_t ttl_before =
      0;  ///< of the last answer before that, or of that one if none was seen

  /// From when on nobody should remember an MX that is not ours, seconds since 1970; 0 while it is
  /// not ours.
  [[nodiscard]] std::int64_t ready_at() const {
    return standing == MxStanding::kOurs ? ours_since + ttl_before : 0;
  }
};

/// The sightings that the state database keeps, one for each domain. To be used on one thread.
class MxSightings {
 public:
  explicit MxSightings(StateDatabase& database) : database_(&database) {}

  /// A domain that was never seen comes back as `kUnknown`.
  [[nodiscard]] policy::Result<MxSighting> of(const std::string& domain) const;

  [[nodiscard]] policy::Result<std::map<std::string, MxSighting>> all() const;

  [[nodiscard]] policy::Result<void> put(const MxSighting& sighting);

  /// Forgets the domain, which need not be known.
  [[nodiscard]] policy::Result<void> remove(const std::string& domain);

 private:
  StateDatabase* database_;
};

}  // namespace directory
