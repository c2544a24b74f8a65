// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/registered_application.h"

#include "directory/graph/application.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>

namespace tests {

directory::Application registered_application(const MicrosoftSimulator& microsoft,
                                              const std::filesystem::path& folder) {
  const std::filesystem::path secret = folder / "secret";
  write_file(secret, microsoft.secret());
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
  directory::Application application;
  application.tenant = microsoft.tenant();
  application.client_id = microsoft.client_id();
  application.credential.secret = secret;
  application.cloud.login = microsoft.login();
  application.cloud.graph = microsoft.graph();
  application.cloud.exchange = microsoft.exchange();
  return application;
}

}  // namespace tests
