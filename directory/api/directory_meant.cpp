// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/directory_meant.h"

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "policy/result.h"

#include <expected>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

// What directories with the feature are used for.
std::string_view purpose_of(Feature feature) {
  switch (feature) {
    case Feature::kSync: return "people";
    case Feature::kPosture: return "posture findings";
    case Feature::kProvision: return "connectors";
    case Feature::kPull: return "pulling messages";
  }
  return "";
}

}  // namespace

std::expected<DirectoryKey, Problem> directory_meant(const ApiServices& services,
                                                     const ApiRequest& request,
                                                     std::string_view name,
                                                     Feature feature) {
  const auto places = directories_named(services, request, name);
  if (!places.has_value()) {
    return refuse(places.error());
  }
  std::vector<DirectoryKey> keys;
  for (const DirectoryPlace& place : *places) {
    if (has_feature(*place.directory, feature)) {
      keys.push_back(place.key());
    }
  }
  if (keys.empty()) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = fmt::format("no directory is used for {}; add {} to the features of "
                                          "an Office 365 directory",
                                          purpose_of(feature),
                                          word_of(feature))});
  }
  if (keys.size() > 1) {
    return refuse_request(fmt::format("several directories are used for {}; name one as "
                                      "ORGANIZATION/NAME",
                                      purpose_of(feature)),
                          "/directory");
  }
  return keys.front();
}

}  // namespace directory
