// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/protected_name.h"

#include "policy/name/name_forms.h"
#include "policy/name/name_keys.h"
#include "policy/name/shown_name.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/uversion.h>

namespace policy {
namespace {

// Raised with every change that gives a name other keys.
constexpr std::string_view kAlgorithmVersion = "2";

// Joined names are looked for with the surname first and last; more tokens than this make
// orders that nobody writes.
constexpr std::size_t kMaximumRotatedTokens = 3;

void add_rotations(std::vector<std::string>& keys, const NameForm& form) {
  if (form.tokens.size() < 2 || form.tokens.size() > kMaximumRotatedTokens || !may_squash(form)) {
    return;
  }
  std::vector<std::string> tokens = form.tokens;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    std::ranges::rotate(tokens, tokens.begin() + 1);
    keys.push_back(bounded_key(squashed(tokens)));
  }
}

void add_name(std::vector<std::string>& names, std::string name) {
  if (!name.empty() && std::ranges::find(names, name) == names.end()) {
    names.push_back(std::move(name));
  }
}

}  // namespace

std::vector<std::string> protected_name_keys(const std::vector<NameForm>& forms,
                                             bool whole_string_only) {
  std::vector<std::string> keys = name_keys(forms);
  if (!whole_string_only) {
    for (const NameForm& form : forms) {
      add_rotations(keys, form);
    }
  }
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  return keys;
}

std::vector<std::string> protected_name_keys(std::string_view name, bool whole_string_only) {
  return protected_name_keys(name_forms(name), whole_string_only);
}

std::vector<std::string> other_names(std::string_view display_name,
                                     std::string_view given_name,
                                     std::string_view surname) {
  std::vector<std::string> names{std::string{display_name}};
  if (!given_name.empty() && !surname.empty()) {
    add_name(names, std::string{given_name} + ' ' + std::string{surname});
    add_name(names, std::string{surname} + ' ' + std::string{given_name});
  }
  add_name(names, undecorated_name(display_name, surname));
  names.erase(names.begin());
  return names;
}

std::string name_key_version() {
  return std::string{kAlgorithmVersion} + "/icu-" + U_ICU_VERSION;
}

}  // namespace policy
