// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/preconditions.h"

#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/http/client.h"
#include "policy/digest.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace directory {
namespace {

constexpr unsigned kPreconditionFailed = 412;
constexpr unsigned kPreconditionRequired = 428;
constexpr std::size_t kTagDigits = 32;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// The operation that shows what this route writes; nullptr if nothing does.
const Operation* shows(std::span<const Route> routes, const Route& route) {
  const auto found = std::ranges::find_if(
      routes, [&](const Route& each) { return each.method == "GET" && each.path == route.path; });
  return found == routes.end() ? nullptr : std::get_if<Operation>(&found->operation);
}

}  // namespace

std::string entity_tag(const Answer& shown) {
  const auto own = find_header(shown.headers, "etag");
  return own.has_value() ? std::string{*own}
                         : '"' + policy::sha256_hex(shown.json).substr(0, kTagDigits) + '"';
}

bool lists_tag(std::string_view field, std::string_view tag) {
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    const std::string_view listed = trimmed(field.substr(0, comma));
    if (listed == "*" || listed == tag) {
      return true;
    }
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return false;
}

std::expected<void, Problem> check_preconditions(const ApiServices& services,
                                                 std::span<const Route> routes,
                                                 const Route& route,
                                                 const ApiRequest& request) {
  const Operation* show = shows(routes, route);
  if (route.method == "GET" || show == nullptr) {
    return {};
  }
  if (request.if_match.empty()) {
    // Who has the socket is on the machine and reads just before it writes.
    if (route.needs_if_match && request.principal.means != Principal::Means::kSocket) {
      return refuse_with(kPreconditionRequired,
                         "precondition_required",
                         "this needs If-Match with the ETag that a GET of the same path gave, "
                         "so that nobody's change is lost");
    }
    return {};
  }
  ApiRequest shown = request;
  shown.query.clear();
  shown.body.clear();
  const ApiResult now = (*show)(services, shown);
  if (!now.has_value()) {
    return std::unexpected{now.error()};
  }
  if (!lists_tag(request.if_match, entity_tag(*now))) {
    return refuse_with(kPreconditionFailed,
                       "changed",
                       "somebody has changed this in the meantime; read it "
                       "again, and change what it is now");
  }
  return {};
}

}  // namespace directory
