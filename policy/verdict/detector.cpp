// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/detector.h"

#include "policy/name/decoration_lexicon.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/field_judge.h"
#include "policy/verdict/organization_words.h"
#include "policy/verdict/sender_field.h"

#include <memory>
#include <span>
#include <utility>

namespace policy {

Detector::Detector(std::shared_ptr<const DirectoryView> view,
                   std::shared_ptr<const DecorationLexicon> lexicon)
    : view_(std::move(view)), lexicon_(std::move(lexicon)), words_(view_->organizations()) {}

Result<Detection> Detector::detect(const SenderField& field,
                                   std::span<const OrganizationNumber> asked,
                                   Explanation* explanation) const {
  if (asked.empty()) {
    return Detection{};
  }
  FieldJudge judge{{.view = *view_,
                    .lexicon = *lexicon_,
                    .words = words_,
                    .asked = asked,
                    .explanation = explanation},
                   field};
  return judge.judge();
}

}  // namespace policy
