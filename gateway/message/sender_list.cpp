// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_list.h"

#include "gateway/message/address_entry.h"
#include "gateway/message/address_text.h"
#include "gateway/message/address_tokens.h"
#include "gateway/message/entry_texts.h"
#include "gateway/message/octets.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/shown_text.h"
#include "policy/name/charset.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::FieldDefect;
using policy::FieldLimit;
using policy::IdentitySource;
using policy::VisibleIdentity;

// Reads one value once. The first reading of a value also says what is wrong with it.
class SenderListReader {
 public:
  SenderListReader(SenderFieldBuilder& builder, std::size_t first_mailbox, bool is_first_reading)
      : builder_(builder), first_mailbox_(first_mailbox), is_first_reading_(is_first_reading) {}

  void run(AddressTokenSpan tokens) {
    AddressEntryReader reader{tokens};
    char last_separator = '\0';
    while (const auto entry = reader.next()) {
      note_separators(*entry, last_separator);
      last_separator = entry->separator;
      if (!entry->tokens.empty() && !read_entry(*entry)) {
        break;
      }
      in_group_ = entry->separator == ':' || (in_group_ && entry->separator != ';');
    }
    if (in_group_) {
      note(FieldDefect::kStraySyntax);
    }
    finish_pending();
    if (addressed_entries_ > 1) {
      note(FieldDefect::kSeveralMailboxes);
    }
  }

 private:
  void note(FieldDefect defect) {
    if (is_first_reading_) {
      builder_.add_defect(defect);
    }
  }

  void note_separators(const AddressEntry& entry, char last_separator) {
    if (entry.tokens.empty() && (entry.separator == ',' || last_separator == ',')) {
      note(FieldDefect::kStraySyntax);
    }
    if (entry.separator == ';' && !in_group_) {
      note(FieldDefect::kStraySyntax);
    }
  }

  // False where the limit of entries is reached.
  bool read_entry(const AddressEntry& entry) {
    if (!count_entry()) {
      return false;
    }
    if (entry.separator == ':') {
      read_group_name(entry);
      return true;
    }
    const EntryParts parts = take_apart(entry.tokens);
    note_angle_defects(parts);
    EntryTexts texts = texts_of(entry, parts.texts);
    if (parts.address.has_value()) {
      note_text_defects(parts, *parts.address);
      add_addressed(entry, parts, *parts.address, texts);
    } else {
      note(FieldDefect::kStraySyntax);
      pending_.push_back(std::move(texts));
    }
    return true;
  }

  // Only the first reading of a value counts against the limit of all fields.
  bool count_entry() {
    if (is_first_reading_) {
      return builder_.count_entry();
    }
    if (++entries_ > builder_.limits().mailboxes) {
      builder_.add_limit(FieldLimit::kMailboxes);
      return false;
    }
    return true;
  }

  void note_angle_defects(const EntryParts& parts) {
    if (parts.has_unbalanced_angle) {
      note(FieldDefect::kUnbalancedAngle);
    }
    if (parts.has_route) {
      note(FieldDefect::kRoute);
    }
    if (parts.has_empty_angle || parts.has_stray_colon) {
      note(FieldDefect::kStraySyntax);
    }
  }

  void note_text_defects(const EntryParts& parts, AddressTokenSpan address) {
    for (const AddressTokenSpan text : parts.texts) {
      if (!is_regular_phrase(text)) {
        note(FieldDefect::kStraySyntax);
      }
      if (text.data() > address.data() && !text_of(text).octets.empty()) {
        note(FieldDefect::kTextAfterAddress);
      } else if (!parts.has_angle && !text_of(text).octets.empty()) {
        note(FieldDefect::kStraySyntax);
      }
    }
    for (const FieldDefect defect : address_defects(address)) {
      note(defect);
    }
  }

  [[nodiscard]] EntryTexts texts_of(const AddressEntry& entry,
                                    const std::vector<AddressTokenSpan>& phrases) const {
    return read_entry_texts(entry, phrases, builder_.limits().comment_depth);
  }

  void read_group_name(const AddressEntry& entry) {
    note(FieldDefect::kGroup);
    EntryTexts texts = texts_of(entry, {entry.tokens});
    texts.is_group_name = true;
    add_texts(texts, IdentitySource::kGroupName, VisibleIdentity::kNoMailbox);
    const EntryParts parts = take_apart(entry.tokens);
    if (!is_regular_phrase(entry.tokens)) {
      note(FieldDefect::kStraySyntax);
    }
    if (parts.address.has_value()) {
      add_other_address(*parts.address, {});
    }
    for (const AddressTokenSpan address : parts.other_addresses) {
      add_other_address(address, {});
    }
    pending_.push_back(std::move(texts));
  }

  // An entry with an address shows its own texts, and those of the entries without one before it.
  void add_addressed(const AddressEntry& entry,
                     const EntryParts& parts,
                     AddressTokenSpan address_tokens,
                     const EntryTexts& texts) {
    ++addressed_entries_;
    const ReadAddress address = read_address(address_tokens);
    const bool has_phrase = !texts.phrase.octets.empty();
    last_mailbox_ = mailbox_of(address.text, has_phrase);
    if (last_mailbox_.has_value()) {
      const std::size_t mailbox = *last_mailbox_;
      add_texts(texts, IdentitySource::kPhrase, mailbox);
      add_rejoined(texts.phrase, mailbox);
      if (!parts.has_angle && has_phrase) {
        builder_.add_identities(IdentitySource::kPhrase, text_of(entry.tokens), mailbox);
      }
      if (!address.shown_local_part.empty()) {
        const RawText local = plain_text(address.shown_local_part);
        builder_.add_identities(IdentitySource::kLocalPart, local, mailbox);
      }
      if (address.has_encoded_word) {
        builder_.add_identities(IdentitySource::kLocalPart, plain_text(address.text), mailbox);
      }
    }
    add_address_before_second_at(address_tokens, address.text);
    for (const AddressTokenSpan other : parts.other_addresses) {
      add_other_address(other, address.text);
    }
  }

  // The mailbox that the address of an entry makes; a later reading finds that of the first.
  std::optional<std::size_t> mailbox_of(const std::string& address, bool has_phrase) {
    if (is_first_reading_) {
      return builder_.add_mailbox(address, has_phrase);
    }
    if (const auto known = builder_.find_mailbox(address, first_mailbox_); known.has_value()) {
      return known;
    }
    builder_.add_defect(FieldDefect::kSeveralAddresses);
    return builder_.add_mailbox(address, has_phrase);
  }

  // `a@b@c` is the address a@b to software that stops at the first domain.
  void add_address_before_second_at(AddressTokenSpan address, std::string_view effective) {
    const auto is_at = [](const AddressToken& token) { return token.is('@'); };
    const auto first = std::ranges::find_if(address, is_at);
    if (first == address.end()) {
      return;
    }
    const auto second = std::find_if(first + 1, address.end(), is_at);
    if (second != address.end() && first != address.begin()) {
      add_other_address(address.first(static_cast<std::size_t>(second - address.begin())),
                        effective);
    }
  }

  void add_other_address(AddressTokenSpan tokens, std::string_view effective) {
    const ReadAddress address = read_address(tokens);
    const std::string_view text = without_surroundings(address.text);
    if (equal_ignoring_case(text, effective)) {
      note(FieldDefect::kStraySyntax);
      return;
    }
    builder_.add_defect(FieldDefect::kSeveralAddresses);
    if (!builder_.find_mailbox(text, first_mailbox_).has_value()) {
      static_cast<void>(builder_.add_mailbox(std::string{text}, false));
    }
  }

  void add_texts(const EntryTexts& texts, IdentitySource phrase_source, std::size_t mailbox) {
    add_each_and_all(phrase_source, texts.phrases, texts.phrase, mailbox);
    for (const RawText& rest : texts.stray_rests) {
      builder_.add_identities(phrase_source, rest, mailbox);
    }
    add_each_and_all(IdentitySource::kComment, texts.comments, texts.comment, mailbox);
    if (texts.phrase.octets.empty() || texts.comment.octets.empty()) {
      return;
    }
    RawText both = texts.phrase;
    both.append(texts.comment);
    builder_.add_identities(IdentitySource::kPhraseAndComment, both, mailbox);
  }

  void add_each_and_all(IdentitySource source,
                        const std::vector<RawText>& each,
                        const RawText& all,
                        std::size_t mailbox) {
    for (const RawText& text : each) {
      builder_.add_identities(source, text, mailbox);
    }
    if (each.size() > 1) {
      builder_.add_identities(source, all, mailbox);
    }
  }

  // Texts without an address belong to the address that follows; `phrase` is the text at it.
  void add_rejoined(const RawText& phrase, std::size_t mailbox) {
    if (pending_.empty()) {
      return;
    }
    RawText whole;
    std::string separator = " ";
    for (const EntryTexts& texts : pending_) {
      if (!texts.is_group_name) {
        add_texts(texts, IdentitySource::kPhrase, mailbox);
      }
      whole.append(texts.phrase, separator);
      separator = std::string{texts.separator} + ' ';
    }
    whole.append(phrase, separator);
    builder_.add_identities(IdentitySource::kRejoinedPhrase, whole, mailbox);
    pending_.clear();
  }

  // Texts that no address followed go to the last address, or make a mailbox without one.
  void finish_pending() {
    const bool has_text = std::ranges::any_of(pending_, [](const EntryTexts& texts) {
      return !texts.is_group_name && !(texts.phrase.octets.empty() && texts.comment.octets.empty());
    });
    if (!has_text) {
      return;
    }
    auto mailbox = last_mailbox_;
    if (!mailbox.has_value() && !is_first_reading_ &&
        first_mailbox_ < builder_.field().mailboxes.size()) {
      mailbox = first_mailbox_;
    }
    if (!mailbox.has_value()) {
      mailbox = builder_.add_mailbox({}, true);
    }
    if (mailbox.has_value()) {
      add_rejoined({}, *mailbox);
    }
  }

  SenderFieldBuilder& builder_;
  std::size_t first_mailbox_;
  bool is_first_reading_;
  std::vector<EntryTexts> pending_;
  std::optional<std::size_t> last_mailbox_;
  std::size_t entries_ = 0;
  std::size_t addressed_entries_ = 0;
  bool in_group_ = false;
};

bool is_stray_control(std::string_view value, std::size_t at) {
  const char c = value[at];
  if (c == '\r') {
    return !value.substr(at).starts_with("\r\n");
  }
  return is_control(c) && c != '\t' && c != '\n';
}

void note_octet_defects(std::string_view value, SenderFieldBuilder& builder) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (is_stray_control(value, i)) {
      builder.add_defect(FieldDefect::kControlCharacter);
      break;
    }
  }
  // RFC 6532 allows UTF-8, and nothing else of 8 bits.
  if (!policy::is_utf8(value)) {
    builder.add_defect(FieldDefect::kStraySyntax);
  }
}

void note_token_defects(const AddressTokens& tokens, SenderFieldBuilder& builder) {
  if (tokens.has_stray_quote) {
    builder.add_defect(FieldDefect::kUnbalancedQuote);
  }
  if (tokens.has_stray_parenthesis) {
    builder.add_defect(FieldDefect::kUnbalancedComment);
  }
  if (tokens.has_syntax_in_word) {
    builder.add_defect(FieldDefect::kStraySyntax);
  }
}

// Limits count in every reading: none is hit silently.
void run_reading(const AddressTokens& tokens,
                 SenderListReader reader,
                 SenderFieldBuilder& builder) {
  if (tokens.is_too_deep) {
    builder.add_limit(FieldLimit::kCommentDepth);
  }
  reader.run(tokens.tokens);
}

}  // namespace

void read_sender_list(std::string_view value, SenderFieldBuilder& builder) {
  note_octet_defects(value, builder);
  const std::size_t first_mailbox = builder.field().mailboxes.size();
  const std::size_t depth = builder.limits().comment_depth;
  const AddressTokens whole = tokenize_addresses(value, EncodedWords::kWhole, depth);
  note_token_defects(whole, builder);
  run_reading(whole, SenderListReader{builder, first_mailbox, true}, builder);
  if (whole.has_syntax_in_word) {
    const AddressTokens split = tokenize_addresses(value, EncodedWords::kSplit, depth);
    run_reading(split, SenderListReader{builder, first_mailbox, false}, builder);
  }
  // Postfix cuts a field at its first NUL.
  if (const std::size_t nul = value.find('\0'); nul != std::string_view::npos) {
    const AddressTokens cut = tokenize_addresses(value.substr(0, nul), EncodedWords::kWhole, depth);
    run_reading(cut, SenderListReader{builder, first_mailbox, false}, builder);
  }
}

}  // namespace gateway
