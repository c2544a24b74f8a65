// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/delta_feed.h"
#include "tests/support/microsoft/directory.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

/// An application as a tenant knows it.
struct Application {
  std::string client_id;
  std::string service_principal;  ///< object id of its enterprise application
  std::string secret;
  bool is_secret_expired = false;
  std::vector<std::string> certificates;  ///< PEM
  std::vector<std::string> graph_roles;
  std::vector<std::string> exchange_roles;
  bool is_consented = true;
};

struct Domain {
  std::string name;
  bool is_verified = true;
  bool is_default = false;
  bool is_initial = false;
  std::string authentication_type = "Managed";  ///< or `Federated`
  std::vector<std::string> supported_services;
  std::string mail_exchange;  ///< of its MX record; empty for none
};

/// One organization at Microsoft.
struct Tenant {
  std::string id;
  std::string display_name;
  std::vector<Application> applications;
  std::vector<Domain> domains;
  Directory directory;

  [[nodiscard]] const Domain* find_domain(std::string_view name) const;
  [[nodiscard]] Application* find_application(std::string_view client_id);

  /// Whether the text is its id or one of its verified domains.
  [[nodiscard]] bool is_called(std::string_view id_or_domain) const;
};

}  // namespace tests::microsoft
