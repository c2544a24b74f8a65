// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/detector.h"

#include "policy/name/common_names.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/field_judge.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/name_search.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace policy {
namespace {

template <typename T>
void append(std::vector<T>& all, std::vector<T>&& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void add(Detection& all, Detection&& more) {
  append(all.findings, std::move(more.findings));
  append(all.if_not_authentic, std::move(more.if_not_authentic));
  for (const FieldLimit limit : more.limits) {
    if (std::ranges::find(all.limits, limit) == all.limits.end()) {
      all.limits.push_back(limit);
    }
  }
}

}  // namespace

Detector::Detector(std::shared_ptr<const DirectoryView> view,
                   std::shared_ptr<const DecorationLexicon> lexicon)
    : view_(std::move(view)),
      lexicon_(std::move(lexicon)),
      common_names_(CommonNames::built_in()),
      words_(view_->organizations()) {}

Result<Detection> Detector::detect(const MessageSenders& senders,
                                   std::span<const OrganizationNumber> asked,
                                   Explanation* explanation) const {
  Detection detection;
  if (asked.empty()) {
    return detection;
  }
  const JudgeContext context{.view = *view_,
                             .lexicon = *lexicon_,
                             .common_names = common_names_,
                             .words = words_,
                             .asked = asked,
                             .explanation = explanation};
  NameSearch search{*view_, asked, explanation};
  for (const SenderField* field : {&senders.from, &senders.sender, &senders.reply_to}) {
    if (field->field_count == 0 && field->name != SenderFieldName::kFrom) {
      continue;
    }
    auto judged = FieldJudge{context, *field, search}.judge();
    if (!judged.has_value()) {
      return judged;
    }
    add(detection, *std::move(judged));
  }
  std::ranges::stable_sort(detection.findings, {}, [](const Finding& finding) {
    return std::tuple{finding.organization, finding.kind, finding.match};
  });
  detection.look_ups = search.look_ups();
  return detection;
}

}  // namespace policy
