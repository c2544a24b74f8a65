// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/entry_texts.h"

#include "gateway/message/address_entry.h"
#include "gateway/message/address_tokens.h"
#include "gateway/message/shown_text.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace gateway {
namespace {

std::vector<RawText> stray_rests_of(AddressTokenSpan tokens) {
  std::vector<RawText> rests;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != AddressTokenKind::kStray || tokens[i].octets.empty()) {
      continue;
    }
    const RawText rest = plain_text(tokens[i].octets);
    RawText whole = text_of(tokens.first(i));
    whole.append(rest);
    rests.push_back(rest);
    rests.push_back(std::move(whole));
  }
  return rests;
}

}  // namespace

EntryTexts read_entry_texts(const AddressEntry& entry,
                            const std::vector<AddressTokenSpan>& phrases,
                            std::size_t comment_depth_limit) {
  EntryTexts texts;
  texts.separator = entry.separator;
  for (const AddressTokenSpan phrase : phrases) {
    texts.phrases.push_back(text_of(phrase));
    texts.phrase.append(texts.phrases.back());
  }
  for (const AddressToken& token : entry.tokens) {
    if (token.kind == AddressTokenKind::kComment) {
      texts.comments.push_back(comment_text(token.octets, comment_depth_limit));
      texts.comment.append(texts.comments.back());
    }
  }
  texts.stray_rests = stray_rests_of(entry.tokens);
  return texts;
}

}  // namespace gateway
