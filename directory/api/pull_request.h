// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/messages/pull_control.h"
#include "directory/store/directory_key.h"

#include <expected>

namespace directory {

/// Which message is to be found or pulled, and where.
struct AskedPull {
  DirectoryKey key;
  PullRequest request;
};

/// What the body of a request asks: a detection, or a Message-ID with recipients. Of a detection,
/// Message-ID, sender, time, recipients and organization are known. Only a pull has a
/// `destination`.
[[nodiscard]] std::expected<AskedPull, Problem> read_pull_request(const ApiServices& services,
                                                                  const ApiRequest& request,
                                                                  bool takes_destination);

}  // namespace directory
