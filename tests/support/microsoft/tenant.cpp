// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/tenant.h"

#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace tests::microsoft {

const Domain* Tenant::find_domain(std::string_view name) const {
  const std::string wanted = lower_case(name);
  const auto found =
      std::ranges::find_if(domains, [&](const Domain& domain) { return domain.name == wanted; });
  return found == domains.end() ? nullptr : &*found;
}

Application* Tenant::find_application(std::string_view client_id) {
  const auto found = std::ranges::find(applications, client_id, &Application::client_id);
  return found == applications.end() ? nullptr : &*found;
}

bool Tenant::is_called(std::string_view id_or_domain) const {
  const Domain* domain = find_domain(id_or_domain);
  return lower_case(id_or_domain) == id || (domain != nullptr && domain->is_verified);
}

}  // namespace tests::microsoft
