// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/permissions.h"

#include <array>
#include <string_view>
#include <utility>

namespace tests::microsoft {

std::string_view app_role_id(std::string_view permission) {
  constexpr std::array kIds = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"},
       {"Calendars.Read", "798ee544-9d2d-430c-a058-570e29e34338"},
       {"Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"},
       {"Domain.Read.All", "dbb9058a-0e50-45d7-ae91-66909b5d4664"},
       {"Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440"},
       {"Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"},
       {"GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"},
       {"Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9"},
       {"MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91"},
       {"Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"},
       {"User.Read.All", "df021288-bdef-4463-88db-98f22de89214"},
       {"UserAuthenticationMethod.Read.All", "38d9df27-64da-44fd-b7c5-a6fbac20248f"}});
  for (const auto& [name, id] : kIds) {
    if (name == permission) {
      return id;
    }
  }
  return {};
}

}  // namespace tests::microsoft
