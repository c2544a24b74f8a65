// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/world.h"

#include <memory>
#include <string_view>

namespace tests::microsoft {

Site* World::find_site(std::string_view id_or_domain) {
  for (const auto& site : sites) {
    if (site->tenant.is_called(id_or_domain)) {
      return site.get();
    }
  }
  return nullptr;
}

Site& World::add_site() {
  sites.push_back(std::make_unique<Site>(clock, delta, random));
  return *sites.back();
}

}  // namespace tests::microsoft
