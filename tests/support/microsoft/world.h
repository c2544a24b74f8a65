// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/clock.h"
#include "tests/support/microsoft/delta_feed.h"
#include "tests/support/microsoft/exchange_state.h"
#include "tests/support/microsoft/faults.h"
#include "tests/support/microsoft/json_web_token.h"
#include "tests/support/microsoft/list_pages.h"
#include "tests/support/microsoft/mail_store.h"
#include "tests/support/microsoft/posture_state.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/request_log.h"
#include "tests/support/microsoft/tenant.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

/// Origins, without a trailing slash.
struct Endpoints {
  std::string login;
  std::string graph;
  std::string exchange;
};

/// A tenant and what the service remembers of those who read it.
struct Site {
  Site(const Clock& clock, DeltaSettings& settings, Random& random)
      : delta(tenant.directory, clock, settings, random), pages(random) {}

  Tenant tenant;
  DeltaFeed delta;
  ListPages pages;
  ExchangeState exchange;
  PostureState posture;
  MailStore mail;
};

/// All that the simulator knows. Not to be moved: its parts point to each other.
struct World {
  explicit World(std::uint64_t seed) : random(seed) {}

  /// The tenant of this id or verified domain; null if there is none.
  [[nodiscard]] Site* find_site(std::string_view id_or_domain);

  Site& add_site();

  Clock clock;
  Random random;
  Endpoints endpoints;
  SigningKey key;
  DeltaSettings delta;
  Faults faults;
  Throttle throttle;
  RequestLog log;
  std::set<std::string> used_assertions;      ///< their `jti`
  std::chrono::seconds tokens_valid_from{0};  ///< older access tokens are expired
  bool expired_is_not_found = false;          ///< 400 syncStateNotFound instead of 410
  bool consent_is_cancelled = false;          ///< by the administrator who is asked
  std::vector<std::unique_ptr<Site>> sites;
};

}  // namespace tests::microsoft
