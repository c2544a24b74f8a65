// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"

#include <string>
#include <vector>

// The file as it is in the repository, between these two symbols.
asm(R"(
  .section .rodata
  .global fromguard_openapi
  .global fromguard_openapi_end
fromguard_openapi:
  .incbin ")" FROMGUARD_OPENAPI R"("
fromguard_openapi_end:
  .byte 0
  .text
)");

extern "C" {
extern const char fromguard_openapi;      // NOLINT(readability-identifier-naming)
extern const char fromguard_openapi_end;  // NOLINT(readability-identifier-naming)
}

namespace directory {
namespace {

ApiResult show_description(const ApiServices& services, const ApiRequest& request) {
  static_cast<void>(services);
  static_cast<void>(request);
  Answer made = answer(std::string{&fromguard_openapi, &fromguard_openapi_end});
  made.content_type = "application/yaml";
  return made;
}

}  // namespace

std::vector<Route> description_routes() {
  return {{Access::kAnyone, "GET", "openapi.yaml", &show_description}};
}

}  // namespace directory
