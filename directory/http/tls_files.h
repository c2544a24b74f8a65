// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace directory {

/// Where a TLS server has its identity from, in PEM.
struct TlsFiles {
  std::filesystem::path certificate;  ///< of the server first, then of the authorities between
  std::filesystem::path key;          ///< its private key, for the owner's eyes alone
};

}  // namespace directory
