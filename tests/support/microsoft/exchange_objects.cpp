// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_objects.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr std::array kKinds = std::to_array<std::pair<std::string_view, ExchangeKind>>(
    {{"inbound", ExchangeKind::kInbound},
     {"outbound", ExchangeKind::kOutbound},
     {"rule", ExchangeKind::kRule},
     {"accepted_domain", ExchangeKind::kAcceptedDomain},
     {"organization_config", ExchangeKind::kOrganizationConfig}});

}  // namespace

std::string_view word_of(ExchangeKind kind) {
  return std::ranges::find(kKinds, kind, [](const auto& known) { return known.second; })->first;
}

std::optional<ExchangeKind> exchange_kind_named(std::string_view name) {
  const auto* found =
      std::ranges::find(kKinds, name, [](const auto& known) { return known.first; });
  return found == kKinds.end() ? std::nullopt : std::optional{found->second};
}

ExchangeObject& ExchangeObjects::add(ExchangeObject object, std::optional<std::size_t> priority) {
  auto place = objects_.end();
  if (object.kind == ExchangeKind::kRule && priority.has_value()) {
    std::size_t left = *priority;
    place = std::ranges::find_if(objects_, [&left](const ExchangeObject& other) {
      return other.kind == ExchangeKind::kRule && left-- == 0;
    });
  }
  return *objects_.insert(place, std::move(object));
}

const ExchangeObject* ExchangeObjects::find(ExchangeKind kind, std::string_view identity) const {
  const std::string wanted = lower_case(identity);
  const auto found = std::ranges::find_if(objects_, [&](const ExchangeObject& object) {
    return object.kind == kind && (lower_case(object.guid) == wanted ||
                                   lower_case(text_of(object.properties, "Name")) == wanted);
  });
  return found == objects_.end() ? nullptr : &*found;
}

ExchangeObject* ExchangeObjects::find(ExchangeKind kind, std::string_view identity) {
  const ExchangeObject* found = std::as_const(*this).find(kind, identity);
  return found == nullptr ? nullptr : &objects_[static_cast<std::size_t>(found - objects_.data())];
}

std::vector<const ExchangeObject*> ExchangeObjects::list(ExchangeKind kind) const {
  std::vector<const ExchangeObject*> found;
  for (const ExchangeObject& object : objects_) {
    if (object.kind == kind) {
      found.push_back(&object);
    }
  }
  return found;
}

std::size_t ExchangeObjects::priority_of(std::string_view guid) const {
  const auto rules = list(ExchangeKind::kRule);
  const auto found =
      std::ranges::find(rules, guid, [](const ExchangeObject* rule) { return rule->guid; });
  return static_cast<std::size_t>(std::distance(rules.begin(), found));
}

void ExchangeObjects::move_rule(std::string_view guid, std::size_t priority) {
  const auto found = std::ranges::find(objects_, guid, &ExchangeObject::guid);
  ExchangeObject rule = std::move(*found);
  objects_.erase(found);
  add(std::move(rule), priority);
}

void ExchangeObjects::remove(std::string_view guid) {
  std::erase_if(objects_, [&](const ExchangeObject& object) { return object.guid == guid; });
}

}  // namespace tests::microsoft
