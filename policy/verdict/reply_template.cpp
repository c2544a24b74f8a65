// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/reply_template.h"

#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/finding.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kMaximumTemplateOctets = 400;
constexpr std::string_view kAdvice = "use {reason}, {person} and plain text without other braces";

bool is_printable_ascii(char c) {
  return c >= ' ' && c <= '~';
}

}  // namespace

Result<ReplyTemplate> ReplyTemplate::parse(std::string_view text) {
  if (text.empty() || text.size() > kMaximumTemplateOctets) {
    return fail(ErrorCode::kInvalidInput,
                "the text must have 1 to 400 characters; an SMTP reply is one line");
  }
  if (!std::ranges::all_of(text, is_printable_ascii)) {
    return fail(ErrorCode::kInvalidInput,
                "the text holds what is no printable ASCII; an SMTP reply may hold nothing else");
  }
  ReplyTemplate parsed;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find_first_of("{}"), text.size());
    parsed.parts_.push_back({Piece::kText, std::string{text.substr(0, brace)}});
    text.remove_prefix(brace);
    const std::string_view placeholder = text.substr(0, text.find('}') + 1);
    if (placeholder == "{reason}") {
      parsed.parts_.push_back({Piece::kReason, {}});
    } else if (placeholder == "{person}") {
      parsed.parts_.push_back({Piece::kPerson, {}});
    } else if (!text.empty()) {
      const std::string_view wrong = placeholder.size() > 1 ? placeholder : text.substr(0, 1);
      return fail(ErrorCode::kInvalidInput,
                  "'" + std::string{wrong} + "' is no placeholder; " + std::string{kAdvice});
    }
    text.remove_prefix(placeholder.size());
  }
  return parsed;
}

ReplyTemplate ReplyTemplate::reason() {
  ReplyTemplate made;
  made.parts_.push_back({Piece::kReason, {}});
  return made;
}

std::string ReplyTemplate::fill(const Finding& finding) const {
  constexpr std::string_view kCut = "...";
  std::string filled;
  for (const Part& part : parts_) {
    switch (part.piece) {
      case Piece::kText: filled += part.text; break;
      case Piece::kReason: filled += visible_ascii(finding.reason); break;
      case Piece::kPerson: filled += visible_ascii(finding.person); break;
    }
  }
  if (filled.size() > kMaximumReplyTextOctets) {
    filled.resize(kMaximumReplyTextOctets - kCut.size());
    filled += kCut;
  }
  return filled;
}

}  // namespace policy
