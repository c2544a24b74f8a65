// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"

#include <expected>
#include <filesystem>
#include <string>

namespace directory {

/// A directory as a request describes it, made ready to be stored.
struct GivenDirectory {
  std::string settings;        ///< JSON, which is YAML: what directory.yaml would say
  std::filesystem::path file;  ///< that the settings name for the secret; empty if none came
  std::string secret;          ///< to be written there
};

/// Where files of directory.yaml are, and where secrets that came through the API are kept.
struct DirectoryFolders {
  std::filesystem::path configuration;  ///< of directory.yaml
  std::filesystem::path state;          ///< the daemon's own

  [[nodiscard]] std::filesystem::path secrets() const { return state / "secrets"; }
};

[[nodiscard]] DirectoryFolders folders_of(const ApiServices& services);

/// Takes a secret that came as text (`credential.secret_value`, `credential.certificate_pem`) out
/// of the settings and puts the name of a new file in its place. Who is not on the machine itself
/// may name neither files nor servers: files of others would be read, and servers asked, with the
/// daemon's rights. Such a request is refused with a pointer to the field. Who may see every
/// organization may name CSV files below the folder of directory.yaml all the same.
[[nodiscard]] std::expected<GivenDirectory, Problem> take_directory(
    const std::string& settings, const Principal& principal, const DirectoryFolders& folders);

/// Removes the file of a secret that came through the API, if settings of this text name one.
void remove_secret_of(const std::string& settings, const DirectoryFolders& folders);

}  // namespace directory
