// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/endpoints.h"

#include <filesystem>
#include <string>

namespace directory {

/// How an application proves who it is. One of the two paths is set.
struct Credential {
  /// A PEM file with the private key (RSA) and the certificate.
  std::filesystem::path certificate;
  /// A file whose first line is the client secret.
  std::filesystem::path secret;

  friend bool operator==(const Credential&, const Credential&) = default;
};

/// An application in a tenant.
struct Application {
  std::string tenant;     ///< id or initial domain
  std::string client_id;  ///< application id
  Credential credential;
  CloudEndpoints cloud;

  friend bool operator==(const Application&, const Application&) = default;
};

}  // namespace directory
