// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace directory {

/// What an assertion says.
struct AssertionClaims {
  std::string audience;   ///< the token endpoint
  std::string client_id;  ///< issuer and subject
  std::string id;         ///< never used before
  std::chrono::system_clock::time_point now;
};

/// Makes the JWT with which an application proves that it holds a certificate's key: PS256, good
/// for ten minutes. `pem_file` holds an RSA key and its certificate; of several certificates the
/// one of the key is taken.
/// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
///
/// `kNotFound` and `kDenied` as `read_private_file` says; `kInvalidInput`, with what to do, for a
/// file without key or certificate, a key that is not RSA, is encrypted or belongs to another
/// certificate, and for a certificate that is not valid at `now`.
[[nodiscard]] policy::Result<std::string> make_client_assertion(
    const std::filesystem::path& pem_file, const AssertionClaims& claims);

}  // namespace directory
