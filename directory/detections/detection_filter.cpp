// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_filter.h"

#include "policy/detection_record/detection_record.h"
#include "policy/name/folding.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

bool is_word(const std::string& wanted, std::string_view word) {
  return wanted.empty() || wanted == word;
}

// `folded` is what is looked for, folded.
bool contains(const std::string& folded, std::string_view text) {
  return policy::fold_compatibly(text).contains(folded);
}

bool any_contains(const std::string& folded, const std::vector<std::string>& texts) {
  return std::ranges::any_of(texts,
                             [&](const std::string& text) { return contains(folded, text); });
}

}  // namespace

DetectionSieve::DetectionSieve(DetectionFilter filter) : filter_(std::move(filter)) {
  for (std::string* text : {&filter_.person, &filter_.address, &filter_.text}) {
    *text = policy::fold_compatibly(*text);
  }
}

bool DetectionSieve::passes(const policy::DetectionRecord& record) const {
  const auto& organizations = filter_.organizations;
  const bool may_be_seen =
      !organizations.has_value() || organizations->contains(record.organization);
  return may_be_seen && has_words(record) && has_texts(record);
}

bool DetectionSieve::has_words(const policy::DetectionRecord& record) const {
  const std::string_view match = record.match.empty() ? "none" : std::string_view{record.match};
  return is_word(filter_.organization, record.organization) &&
         is_word(filter_.finding, record.finding) && is_word(filter_.match, match) &&
         is_word(filter_.action, record.action) &&
         is_word(filter_.disposition, record.disposition) && is_word(filter_.rule, record.rule);
}

bool DetectionSieve::has_texts(const policy::DetectionRecord& record) const {
  if (!filter_.person.empty() && !contains(filter_.person, record.person)) {
    return false;
  }
  if (!filter_.address.empty() && !contains(filter_.address, record.address) &&
      !contains(filter_.address, record.mail_from)) {
    return false;
  }
  const std::string& text = filter_.text;
  return text.empty() || any_contains(text, record.shown) || any_contains(text, record.reply_to) ||
         any_contains(text, record.recipients) ||
         any_contains(text,
                      {record.from,
                       record.person,
                       record.address,
                       record.mail_from,
                       record.client,
                       record.helo,
                       record.message_id,
                       record.queue_id});
}

}  // namespace directory
