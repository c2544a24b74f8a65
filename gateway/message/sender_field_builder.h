// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/shown_text.h"
#include "policy/verdict/sender_field.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// How much of the fields of one name is looked at. What lies beyond is never passed over in
/// silence: `policy::SenderField::limits` names the limit.
struct SenderFieldLimits {
  std::size_t octets = std::size_t{64} * 1024;  ///< of all the fields together
  std::size_t fields = 64;
  std::size_t mailboxes = 64;  ///< of all the fields together; list entries count alike
  std::size_t comment_depth = 32;
  std::size_t phrase_characters = 512;  ///< code points of one text, white space collapsed
  /// Texts that are looked at, over all the fields; more count as `FieldLimit::kPhraseLength`.
  std::size_t texts = 512;
  /// Octets of these texts together, each text as often as `policy::most_readings` of it; what is
  /// beyond them counts alike. Each text is read in many ways, so this bounds the time that a field
  /// can cost.
  std::size_t text_octets = std::size_t{4} * 1024;
};

/// Puts a `policy::SenderField` together and holds it to the limits.
class SenderFieldBuilder {
 public:
  SenderFieldBuilder(policy::SenderFieldName name, const SenderFieldLimits& limits);

  [[nodiscard]] const SenderFieldLimits& limits() const { return limits_; }

  /// The field so far.
  [[nodiscard]] policy::SenderField& field() { return field_; }

  void add_defect(policy::FieldDefect defect);
  void add_limit(policy::FieldLimit limit);

  /// Whether a limit was hit since the last call of this function.
  [[nodiscard]] bool take_limit_hit();

  /// Counts one entry of an address list; false, and the limit noted, where there are too many.
  [[nodiscard]] bool count_entry();

  /// The index of the new mailbox; nothing, and the limit noted, where there are too many.
  [[nodiscard]] std::optional<std::size_t> add_mailbox(std::string address, bool has_phrase);

  /// The index of the mailbox with this very address, at `first` or behind it.
  [[nodiscard]] std::optional<std::size_t> find_mailbox(std::string_view address,
                                                        std::size_t first) const;

  /// Adds each reading of `text`; a reading that this mailbox already has counts once, under its
  /// first source.
  void add_identities(policy::IdentitySource source, const RawText& text, std::size_t mailbox);

  /// Adds one decoded text, as `VisibleIdentity` wants it.
  void add_identity(policy::IdentitySource source, std::string text, std::size_t mailbox);

 private:
  void cut_to_limit(std::string& text);

  SenderFieldLimits limits_;
  policy::SenderField field_;
  std::size_t entries_ = 0;
  std::size_t texts_ = 0;
  std::size_t text_octets_ = 0;
  bool limit_hit_ = false;
};

}  // namespace gateway
