// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/requested_domain.h"

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/store/records.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <expected>
#include <string>

namespace directory {

std::expected<ImportedDomain, Problem> requested_domain(const ApiServices& services,
                                                        const ApiRequest& request) {
  const std::string name = policy::canonical_domain(request.captures.at(0));
  const auto imported = services.records->domains();
  if (!imported.has_value()) {
    return refuse(imported.error());
  }
  const auto found = std::ranges::find(*imported, name, &ImportedDomain::domain);
  if (found == imported->end() || !request.principal.may_see(found->source.organization)) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "no directory has imported the domain " + name +
                              "; sync the Office 365 directory that has it"});
  }
  return *found;
}

}  // namespace directory
