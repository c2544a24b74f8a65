// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/routes.h"
#include "directory/http/server.h"

#include <expected>
#include <span>

namespace directory {

/// A route with what the request has for it.
struct RouteMatch {
  const Route* route;  ///< one of the table
  ApiRequest request;  ///< nobody has been put in it yet
};

/// The route of the request's method and path. 404 if no route has the path, 405 with `Allow` if
/// none has the method, 400 if the query has a key that the route does not know, or one twice.
[[nodiscard]] std::expected<RouteMatch, Problem> find_route(std::span<const Route> routes,
                                                            const ServedRequest& served);

}  // namespace directory
