// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/finding.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Where in a field a shown text stood.
enum class IdentitySource {
  kPhrase,            ///< display name before the address
  kComment,           ///< text in parentheses
  kPhraseAndComment,  ///< both, joined with a space
  kRejoinedPhrase,    ///< "Smith, John" put together again around an unquoted comma
  kGroupName,         ///< name of an RFC 5322 group
  kLocalPart,         ///< a local part that holds encoded words (decoded), blanks or an address
};

/// A text that a mail client may show as the sender.
struct VisibleIdentity {
  IdentitySource source;
  std::string text;         ///< decoded UTF-8 (always valid); may hold any character, NUL included
  std::size_t mailbox = 0;  ///< index in `SenderField::mailboxes`; `kNoMailbox` for a group's name

  static constexpr std::size_t kNoMailbox = static_cast<std::size_t>(-1);
};

/// One mailbox of a field.
struct VisibleMailbox {
  /// `local@domain` with the local part unquoted, comments and route removed; the domain as
  /// written. Octets as received. Empty where the mailbox has no address.
  std::string address;
  bool has_phrase = false;
};

/// Why a field cannot be read in exactly one way by RFC 5322.
enum class FieldDefect {
  kNoField,
  kSeveralFields,
  kSeveralMailboxes,
  kNoAddress,
  kSeveralAddresses,  ///< two addresses where one mailbox should be
  kGroup,
  kRoute,
  kUnbalancedQuote,
  kUnbalancedComment,
  kUnbalancedAngle,
  kTextAfterAddress,
  kControlCharacter,
  kNoDomain,
  kSpaceBeforeColon,
  kEncodedAddress,  ///< encoded words inside an address
  kStraySyntax,     ///< anything else that RFC 5322 does not allow there
};

/// A limit of reading that was hit; what lies beyond it was not parsed.
enum class FieldLimit { kFieldSize, kMailboxes, kCommentDepth, kPhraseLength, kFields, kSegments };

[[nodiscard]] std::string_view word(IdentitySource source);
[[nodiscard]] std::string_view word(FieldDefect defect);
[[nodiscard]] std::string_view word(FieldLimit limit);

/// All that the fields of one name (From, say) of one message show, over all of their occurrences.
struct SenderField {
  SenderFieldName name = SenderFieldName::kFrom;
  std::size_t field_count = 0;  ///< how many such fields the message has
  std::vector<VisibleMailbox> mailboxes;
  std::vector<VisibleIdentity> identities;
  std::vector<FieldDefect> defects;  ///< each at most once
  std::vector<FieldLimit> limits;    ///< each at most once
  /// Where a limit was hit: the raw fields, decoded as far as possible, at most 64 KiB, so that a
  /// protected name beyond the limit can still be looked for. Empty otherwise.
  std::string beyond_limits;
};

}  // namespace policy
