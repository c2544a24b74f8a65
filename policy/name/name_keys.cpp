// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/name_keys.h"

#include "policy/digest.h"
#include "policy/name/name_forms.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

void add(std::vector<std::string>& keys, std::string key) {
  key = bounded_key(std::move(key));
  if (!key.empty() && std::ranges::find(keys, key) == keys.end()) {
    keys.push_back(std::move(key));
  }
}

}  // namespace

std::string bounded_key(std::string key) {
  if (key.size() > kMaximumNameKeyOctets) {
    const std::string digest = sha256_hex(key);
    key.resize(kMaximumNameKeyOctets - digest.size());
    key += digest;
  }
  return key;
}

std::vector<std::string> name_keys(const std::vector<NameForm>& forms) {
  std::vector<std::string> keys;
  keys.reserve(2 * forms.size());
  for (const NameForm& form : forms) {
    add(keys, sorted_and_joined(form.tokens));
    if (form.tokens.size() > 1 && may_squash(form)) {
      add(keys, squashed(form.tokens));
    }
  }
  return keys;
}

std::vector<std::string> name_keys(std::string_view shown_name, KnownWords& known) {
  return name_keys(name_forms(shown_name, known));
}

std::vector<std::string> name_keys(std::string_view shown_name) {
  return name_keys(name_forms(shown_name));
}

}  // namespace policy
