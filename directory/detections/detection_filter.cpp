// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_filter.h"

#include "policy/detection_record/detection_record.h"
#include "policy/name/folding.h"

#include <algorithm>
#include <functional>
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

}  // namespace

std::string_view match_word(const policy::DetectionRecord& record) {
  return record.match.empty() ? "none" : std::string_view{record.match};
}

void for_each_searched_text(const policy::DetectionRecord& record,
                            const std::function<void(std::string_view)>& visit) {
  for (const std::vector<std::string>* texts :
       {&record.shown, &record.reply_to, &record.recipients}) {
    std::ranges::for_each(*texts, visit);
  }
  for (const std::string* text : {&record.from,
                                  &record.person,
                                  &record.address,
                                  &record.mail_from,
                                  &record.client,
                                  &record.helo,
                                  &record.message_id,
                                  &record.queue_id}) {
    visit(*text);
  }
}

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
  return is_word(filter_.organization, record.organization) &&
         is_word(filter_.finding, record.finding) && is_word(filter_.match, match_word(record)) &&
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
  bool has_text = filter_.text.empty();
  for_each_searched_text(
      record, [&](std::string_view text) { has_text = has_text || contains(filter_.text, text); });
  return has_text;
}

}  // namespace directory
