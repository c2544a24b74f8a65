// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/protection.h"

#include "directory/people/directory_user.h"
#include "directory/settings.h"
#include "policy/name/folding.h"
#include "policy/name/full_name.h"
#include "policy/name/plain_name.h"
#include "policy/name/protected_name.h"
#include "policy/people/person.h"
#include "policy/verdict/spelled_local_part.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

void add_new(std::vector<std::string>& addresses, const std::vector<std::string>& more) {
  for (const std::string& address : more) {
    if (std::ranges::find(addresses, address) == addresses.end()) {
      addresses.push_back(address);
    }
  }
}

bool has_ascii_letter(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// How a name of another script is written in Latin letters, its bearer has decided: the address
// says it. A transliteration by rule is often not what people write.
void add_latin_name(policy::Person& person, const std::vector<std::string>& addresses) {
  if (addresses.empty() || has_ascii_letter(person.name)) {
    return;
  }
  const std::string spelled = policy::spelled_local_part(addresses.front());
  const std::vector<std::string> words = policy::plain_tokens(spelled);
  if (words.size() >= 2 &&
      std::ranges::all_of(words, [](const std::string& word) { return word.size() >= 2; })) {
    person.other_names.push_back(spelled);
  }
}

}  // namespace

std::string folded_name(std::string_view name) {
  std::string folded;
  bool is_gap = false;
  for (const char c : policy::fold_case(name)) {
    if (c == ' ' || c == '\t') {
      is_gap = true;
      continue;
    }
    if (is_gap && !folded.empty()) {
      folded += ' ';
    }
    is_gap = false;
    folded += c;
  }
  return folded;
}

policy::Person role_mailbox_person(std::string_view name) {
  policy::Person person;
  person.id = "role_mailbox:" + folded_name(name);
  person.name = name;
  person.role_mailbox = true;
  return person;
}

ProtectionFilter::ProtectionFilter(const OrganizationSettings& organization)
    : organization_(&organization) {
  const ProtectionSettings& protect = organization.protect;
  for (const std::string& group : protect.groups) {
    declared_groups_.insert(folded_name(group));
  }
  declared_people_.insert(protect.people.begin(), protect.people.end());
  for (const std::string& name : protect.role_mailboxes) {
    declared_role_mailboxes_.emplace(folded_name(name), name);
  }
}

void ProtectionFilter::take(const DirectoryUser& user) {
  // All three are asked: each notes which declaration was found.
  const bool is_role_mailbox = take_role_mailbox(user);
  std::vector<std::string> addresses = addresses_of(user);
  if (!is_protected(user) || is_role_mailbox) {
    return;
  }
  policy::Person person;
  person.id = user.id;
  person.name = user.display_name;
  person.other_names = policy::other_names(user.display_name, user.given_name, user.surname);
  add_latin_name(person, addresses);
  person.full_name = policy::full_name(
      user.display_name, user.given_name, user.surname, *organization_->nicknames);
  person.addresses = std::move(addresses);
  person.groups = group_indices(user);
  made_.people.add(person);
}

bool ProtectionFilter::is_protected(const DirectoryUser& user) {
  bool found = false;
  for (const std::string& group : user.groups) {
    const std::string folded = folded_name(group);
    if (declared_groups_.contains(folded)) {
      made_.found_groups.insert(folded);
      found = true;
    }
  }
  for (const std::string& address : user.addresses) {
    if (declared_people_.contains(address)) {
      made_.found_people.insert(address);
      found = true;
    }
  }
  const ProtectionSettings& protect = organization_->protect;
  const auto is_added = [&](const std::string& id) { return protect.group_ids.contains(id); };
  return found || protect.user_ids.contains(user.id) ||
         std::ranges::any_of(user.group_ids, is_added);
}

std::vector<std::string> ProtectionFilter::addresses_of(const DirectoryUser& user) {
  std::vector<std::string> addresses = user.addresses;
  for (const std::string& address : user.addresses) {
    const auto declared = organization_->secondary_emails.find(address);
    if (declared != organization_->secondary_emails.end()) {
      made_.found_people.insert(address);
      add_new(addresses, declared->second);
    }
  }
  const auto added = organization_->secondary_emails_by_id.find(user.id);
  if (added != organization_->secondary_emails_by_id.end()) {
    add_new(addresses, added->second);
  }
  return addresses;
}

std::vector<std::uint32_t> ProtectionFilter::group_indices(const DirectoryUser& user) {
  std::vector<std::uint32_t> indices;
  for (const std::string& group : user.groups) {
    const auto next = static_cast<std::uint32_t>(made_.groups.size());
    const auto [entry, is_new] = group_numbers_.emplace(folded_name(group), next);
    if (is_new) {
      made_.groups.push_back(group);
    }
    indices.push_back(entry->second);
  }
  std::ranges::sort(indices);
  const auto repeated = std::ranges::unique(indices);
  indices.erase(repeated.begin(), repeated.end());
  return indices;
}

bool ProtectionFilter::take_role_mailbox(const DirectoryUser& user) {
  if (declared_role_mailboxes_.empty()) {
    return false;
  }
  const std::string folded = folded_name(user.display_name);
  const auto declared = declared_role_mailboxes_.find(folded);
  if (declared == declared_role_mailboxes_.end()) {
    return false;
  }
  auto& person =
      role_mailboxes_.try_emplace(folded, role_mailbox_person(declared->second)).first->second;
  add_new(person.addresses, addresses_of(user));
  std::vector<std::uint32_t> groups = group_indices(user);
  std::vector<std::uint32_t> joined;
  std::ranges::set_union(person.groups, groups, std::back_inserter(joined));
  person.groups = std::move(joined);
  return true;
}

DirectoryPeople ProtectionFilter::finish() {
  for (auto& [folded, person] : role_mailboxes_) {
    std::ranges::sort(person.addresses);
    made_.found_role_mailboxes.insert(folded);
    made_.people.add(person);
  }
  return std::move(made_);
}

}  // namespace directory
