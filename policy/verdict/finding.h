// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/match.h"
#include "policy/people/person.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// What the gateway found.
enum class FindingKind { kProtectedName, kSpoofedAddress, kAmbiguousFrom, kMalformedFrom };

/// The header field a finding was made in.
enum class SenderFieldName { kFrom, kSender, kReplyTo };

/// What a finding is called.
enum class Disposition { kMalicious, kSuspicious, kSpoof, kBulk, kNone };

/// What is done with a message, ordered by strictness: of two, the greater wins. Refusing stands
/// above dropping, since the sender learns of it.
enum class ActionKind {
  kAccept,
  kTag,
  kCopy,
  kExpose,
  kRedirect,
  kQuarantine,
  kTempFail,
  kDiscard,
  kReject
};

/// The words used for these in configuration, headers and logs.
[[nodiscard]] std::string_view word(FindingKind kind);
[[nodiscard]] std::string_view word(SenderFieldName field);
[[nodiscard]] std::string_view word(Disposition disposition);
[[nodiscard]] std::string_view word(ActionKind action);

/// One finding about one message, for one organization.
struct Finding {
  FindingKind kind = FindingKind::kProtectedName;
  std::optional<Match> match;  ///< absent where no name was matched (`malformed_from`)
  SenderFieldName field = SenderFieldName::kFrom;
  OrganizationNumber organization = 0;
  std::string organization_name;
  std::optional<PersonNumber> person_number;  ///< in the generation; absent if nobody
  std::string person;                         ///< display name in the directory; empty if nobody
  std::vector<std::string> person_addresses;  ///< configured addresses of `person`, canonical
  std::vector<std::string> person_groups;     ///< display names
  std::string address;  ///< effective From address as shown, through `visible_text`
  std::string reason;   ///< one sentence, through `visible_text`
};

}  // namespace policy
