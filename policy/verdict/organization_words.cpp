// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/organization_words.h"

#include "policy/name/decoration_lexicon.h"
#include "policy/name/text_words.h"
#include "policy/people/person.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace policy {
namespace {

// Shorter labels ("co", "it") are no names.
constexpr std::size_t kMinimumLetters = 3;

}  // namespace

OrganizationWords::OrganizationWords(const std::vector<Organization>& organizations) {
  for (std::size_t i = 0; i < organizations.size(); ++i) {
    const auto number = static_cast<OrganizationNumber>(i);
    add(organizations[i].name, number);
    for (const std::string_view domain : organizations[i].domains) {
      add(domain.substr(0, domain.rfind('.')), number);
    }
  }
}

bool OrganizationWords::contains(std::string_view token,
                                 std::span<const OrganizationNumber> asked) const {
  const auto found = organizations_by_word_.find(token);
  return found != organizations_by_word_.end() &&
         std::ranges::any_of(found->second, [&](OrganizationNumber organization) {
           return std::ranges::binary_search(asked, organization);
         });
}

void OrganizationWords::add(std::string_view text, OrganizationNumber organization) {
  for (const TextWord& word : text_words(text)) {
    if (word.letters >= kMinimumLetters) {
      organizations_by_word_[lexicon_token(word.text)].push_back(organization);
    }
  }
}

}  // namespace policy
