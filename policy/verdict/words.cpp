// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <string_view>

namespace policy {

std::string_view word(FindingKind kind) {
  switch (kind) {
    case FindingKind::kProtectedName: return "protected_name";
    case FindingKind::kSpoofedAddress: return "spoofed_address";
    case FindingKind::kAmbiguousFrom: return "ambiguous_from";
    case FindingKind::kMalformedFrom: return "malformed_from";
  }
  return "";
}

std::string_view word(SenderFieldName field) {
  switch (field) {
    case SenderFieldName::kFrom: return "from";
    case SenderFieldName::kSender: return "sender";
    case SenderFieldName::kReplyTo: return "reply_to";
  }
  return "";
}

std::string_view word(Disposition disposition) {
  switch (disposition) {
    case Disposition::kMalicious: return "malicious";
    case Disposition::kSuspicious: return "suspicious";
    case Disposition::kSpoof: return "spoof";
    case Disposition::kBulk: return "bulk";
    case Disposition::kNone: return "none";
  }
  return "";
}

std::string_view word(ActionKind action) {
  switch (action) {
    case ActionKind::kAccept: return "accept";
    case ActionKind::kTag: return "tag";
    case ActionKind::kCopy: return "copy";
    case ActionKind::kExpose: return "expose";
    case ActionKind::kRedirect: return "redirect";
    case ActionKind::kQuarantine: return "quarantine";
    case ActionKind::kTempFail: return "tempfail";
    case ActionKind::kDiscard: return "discard";
    case ActionKind::kReject: return "reject";
  }
  return "";
}

std::string_view word(Direction direction) {
  return direction == Direction::kInbound ? "inbound" : "outbound";
}

std::string_view word(IdentitySource source) {
  switch (source) {
    case IdentitySource::kPhrase: return "phrase";
    case IdentitySource::kComment: return "comment";
    case IdentitySource::kPhraseAndComment: return "phrase_and_comment";
    case IdentitySource::kRejoinedPhrase: return "rejoined_phrase";
    case IdentitySource::kGroupName: return "group_name";
    case IdentitySource::kLocalPart: return "local_part";
  }
  return "";
}

std::string_view word(FieldDefect defect) {
  switch (defect) {
    case FieldDefect::kNoField: return "no_field";
    case FieldDefect::kSeveralFields: return "several_fields";
    case FieldDefect::kSeveralMailboxes: return "several_mailboxes";
    case FieldDefect::kNoAddress: return "no_address";
    case FieldDefect::kSeveralAddresses: return "several_addresses";
    case FieldDefect::kGroup: return "group";
    case FieldDefect::kRoute: return "route";
    case FieldDefect::kUnbalancedQuote: return "unbalanced_quote";
    case FieldDefect::kUnbalancedComment: return "unbalanced_comment";
    case FieldDefect::kUnbalancedAngle: return "unbalanced_angle";
    case FieldDefect::kTextAfterAddress: return "text_after_address";
    case FieldDefect::kControlCharacter: return "control_character";
    case FieldDefect::kNoDomain: return "no_domain";
    case FieldDefect::kSpaceBeforeColon: return "space_before_colon";
    case FieldDefect::kEncodedAddress: return "encoded_address";
    case FieldDefect::kStraySyntax: return "stray_syntax";
  }
  return "";
}

std::string_view word(FieldLimit limit) {
  switch (limit) {
    case FieldLimit::kFieldSize: return "field_size";
    case FieldLimit::kMailboxes: return "mailboxes";
    case FieldLimit::kCommentDepth: return "comment_depth";
    case FieldLimit::kPhraseLength: return "phrase_length";
    case FieldLimit::kFields: return "fields";
    case FieldLimit::kSegments: return "segments";
  }
  return "";
}

}  // namespace policy
