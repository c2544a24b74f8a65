// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/common_names.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/organization_words.h"

#include <memory>
#include <span>

namespace policy {

/// Finds protected names and addresses beside addresses that are not theirs
/// (specification: detection). Immutable once made; thread-safe; deterministic.
class Detector {
 public:
  /// `view` is one generation, which the detector keeps.
  Detector(std::shared_ptr<const DirectoryView> view,
           std::shared_ptr<const DecorationLexicon> lexicon);

  /// Judges the From, Sender and Reply-To of one message for the organizations in `asked` (sorted,
  /// without duplicates). `explanation` may be null. `kUnavailable` if the generation cannot be
  /// read: the message is then not judged.
  [[nodiscard]] Result<Detection> detect(const MessageSenders& senders,
                                         std::span<const OrganizationNumber> asked,
                                         Explanation* explanation) const;

  [[nodiscard]] const DirectoryView& view() const { return *view_; }

 private:
  std::shared_ptr<const DirectoryView> view_;
  std::shared_ptr<const DecorationLexicon> lexicon_;
  const CommonNames& common_names_;  // built in
  OrganizationWords words_;
};

}  // namespace policy
