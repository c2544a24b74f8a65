// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace tests::microsoft {

/// A generated tenant without sockets, and the requests of a client that has a token.
class SmallWorld {
 public:
  explicit SmallWorld(std::size_t people = 40, std::size_t groups = 12);

  World world{7};

  [[nodiscard]] Site& site() { return *world.sites.front(); }

  [[nodiscard]] Tenant& tenant() { return site().tenant; }

  [[nodiscard]] Directory& directory() { return tenant().directory; }

  [[nodiscard]] Application& application() { return tenant().applications.front(); }

  /// The path of the tenant's token endpoint.
  [[nodiscard]] std::string token_path();

  /// The form of a token request that is right, with the client's secret.
  [[nodiscard]] std::string token_form();

  /// Asks for a token.
  [[nodiscard]] Response ask_token(const std::string& form);

  /// A good access token for Graph.
  [[nodiscard]] std::string token();

  /// A GET of Graph with a good token; a target may be a link that Graph gave.
  [[nodiscard]] Response get(std::string_view target, Fields headers = {});

  /// A good access token for Exchange.
  [[nodiscard]] std::string exchange_token();

  /// A request to Exchange's administration below the tenant, with a good token:
  /// `InvokeCommand?$select=Name`. A POST if there is a body.
  [[nodiscard]] Response ask_exchange(std::string_view target,
                                      std::string body,
                                      Fields headers = {});

  /// A cmdlet with these parameters (JSON).
  [[nodiscard]] Response invoke(std::string_view cmdlet, std::string_view parameters = "{}");

  /// A call of the control API that must succeed.
  json::object control(std::string_view method,
                       std::string_view target,
                       std::string_view body = "");

  /// The present user or group of this name, which must exist.
  [[nodiscard]] ObjectRef group(std::string_view name);

 private:
  std::string token_;
  std::string exchange_token_;
};

/// The body of a response as an object; empty if it is no JSON.
[[nodiscard]] json::object body_of(const Response& response);

/// `error.code` of a failure of Graph.
[[nodiscard]] std::string code_of(const Response& response);

/// The exception that Exchange names in a failure, without its namespace; empty if it is none.
[[nodiscard]] std::string exception_of(const Response& response);

}  // namespace tests::microsoft
