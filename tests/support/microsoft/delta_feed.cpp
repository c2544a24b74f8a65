// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/delta_feed.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/selection.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr std::chrono::days kTokenLife{7};
constexpr std::size_t kTokenLength = 48;

json::object told_member(const Directory& directory, ObjectRef ref, const Membership& membership) {
  const bool is_user = ref.kind == ObjectKind::kUser;
  json::object member;
  member["@odata.type"] = is_user ? "#microsoft.graph.user" : "#microsoft.graph.group";
  member["id"] = directory.object(ref).id;
  if (!membership.is_member) {
    member["@removed"] = json::object({{"reason", "deleted"}});
  }
  return member;
}

}  // namespace

// One object in a round; of a group, with some of its members.
struct DeltaFeed::Item {
  ObjectRef object;
  Presence presence = Presence::kPresent;
  std::vector<std::pair<ObjectRef, Membership>> members;
};

struct DeltaFeed::Round {
  DeltaQuery query;
  Version until = 0;  // the changes up to this one are told
  std::vector<Item> items;
  std::vector<std::pair<std::size_t, std::size_t>> pages;  // first item, and the one after the last
};

DeltaPage DeltaFeed::begin(const DeltaQuery& query) {
  return page(plan(query, 0), 0);
}

DeltaPage DeltaFeed::begin_with_nothing(const DeltaQuery& query) {
  auto round = std::make_shared<Round>();
  round->query = query;
  round->until = directory_->version();
  round->pages.emplace_back(0, 0);
  return page(round, 0);
}

std::expected<DeltaPage, TokenRefusal> DeltaFeed::follow(ObjectKind kind,
                                                         TokenUse use,
                                                         const std::string& token) {
  const auto found = tokens_.find(token);
  if (found == tokens_.end() || found->second.use != use ||
      found->second.round->query.kind != kind) {
    return std::unexpected{TokenRefusal::kUnknown};
  }
  const Token known = found->second;
  if (known.generation != generation_ || clock_->now() - known.given_at > kTokenLife) {
    return std::unexpected{TokenRefusal::kExpired};
  }
  if (use == TokenUse::kSkip) {
    return page(known.round, known.page);
  }
  return page(plan(known.round->query, known.round->until), 0);
}

std::optional<DeltaQuery> DeltaFeed::query_of(const std::string& token) const {
  const auto found = tokens_.find(token);
  return found == tokens_.end() ? std::nullopt : std::optional{found->second.round->query};
}

bool DeltaFeed::is_wanted(const DeltaQuery& query, const DirectoryObject& object) const {
  return query.ids.empty() || std::ranges::find(query.ids, object.id) != query.ids.end();
}

std::shared_ptr<const DeltaFeed::Round> DeltaFeed::plan(const DeltaQuery& query, Version since) {
  auto round = std::make_shared<Round>();
  round->query = query;
  round->until = directory_->version();
  const auto& objects = directory_->objects(query.kind);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (is_wanted(query, objects[i])) {
      plan_object(*round, {.kind = query.kind, .position = i}, since);
    }
  }
  if (query.kind == ObjectKind::kUser && settings_->shrink_rounds > 0) {
    shrink(*round, since);
  }
  finish(*round);
  return round;
}

void DeltaFeed::plan_object(Round& round, ObjectRef ref, Version since) {
  const DirectoryObject& object = directory_->object(ref);
  const bool is_full = since == 0;
  if (is_full && object.presence == Presence::kPurged) {
    return;
  }
  const std::size_t first = round.items.size();
  if (round.query.selection.with_members && object.presence == Presence::kPresent) {
    plan_members(round, ref, since);
  }
  const bool is_told_with_members = round.items.size() > first;
  const bool is_told = is_full || object.changed_at > since || random_->happens(settings_->replays);
  if (is_told && !is_told_with_members) {
    round.items.push_back({.object = ref, .presence = object.presence, .members = {}});
  }
}

void DeltaFeed::plan_members(Round& round, ObjectRef group, Version since) {
  const auto& members = directory_->object(group).members;
  // A replay of a group tells members that the client knows already.
  const bool is_replay = since > 0 && random_->happens(settings_->replays);
  bool is_open = false;
  for (const auto& [member, membership] : members) {
    const bool is_news = membership.changed_at > since && (since > 0 || membership.is_member);
    if (!is_news && !(is_replay && membership.is_member)) {
      continue;
    }
    if (!is_open || round.items.back().members.size() >= settings_->member_slice) {
      round.items.push_back({.object = group, .presence = Presence::kPresent, .members = {}});
      is_open = true;
    }
    round.items.back().members.emplace_back(member, membership);
  }
}

void DeltaFeed::shrink(Round& round, Version since) {
  --settings_->shrink_rounds;
  if (settings_->shrink == ShrinkMode::kOmitted && since == 0) {
    std::erase_if(round.items,
                  [&](const Item&) { return random_->happens(settings_->shrink_share); });
  }
  if (settings_->shrink != ShrinkMode::kRemoved) {
    return;
  }
  round.items.clear();
  const auto& users = directory_->objects(ObjectKind::kUser);
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (users[i].presence == Presence::kPresent && random_->happens(settings_->shrink_share)) {
      round.items.push_back({.object = {.kind = ObjectKind::kUser, .position = i},
                             .presence = Presence::kSoftDeleted,
                             .members = {}});
    }
  }
}

void DeltaFeed::finish(Round& round) {
  for (std::size_t i = 0, count = round.items.size(); i < count; ++i) {
    if (random_->happens(settings_->duplicates)) {
      Item again = round.items[i];
      round.items.push_back(std::move(again));
    }
  }
  std::ranges::shuffle(round.items, random_->engine());
  const std::size_t asked = round.query.page_size;
  const std::size_t size = std::max<std::size_t>(
      1, std::min(asked == 0 ? settings_->page_size : asked, settings_->page_size));
  std::size_t first = 0;
  do {
    if (random_->happens(settings_->empty_pages)) {
      round.pages.emplace_back(first, first);
    }
    const std::size_t end = std::min(first + size, round.items.size());
    round.pages.emplace_back(first, end);
    first = end;
  } while (first < round.items.size());
}

json::object DeltaFeed::told(const Round& round, const Item& item) const {
  const DirectoryObject& object = directory_->object(item.object);
  if (item.presence != Presence::kPresent) {
    json::object gone;
    gone["id"] = object.id;
    gone["@removed"] =
        json::object({{"reason", item.presence == Presence::kPurged ? "deleted" : "changed"}});
    return gone;
  }
  json::object told = set_properties(object, round.query.selection);
  if (!item.members.empty()) {
    json::array members;
    members.reserve(item.members.size());
    for (const auto& [member, membership] : item.members) {
      members.push_back(told_member(*directory_, member, membership));
    }
    told["members@delta"] = std::move(members);
  }
  return told;
}

DeltaPage DeltaFeed::page(const std::shared_ptr<const Round>& round, std::size_t number) {
  DeltaPage page;
  const auto [first, end] = round->pages[number];
  page.value.reserve(end - first);
  for (std::size_t i = first; i < end; ++i) {
    page.value.push_back(told(*round, round->items[i]));
  }
  page.is_last = number + 1 == round->pages.size();
  page.token = random_->opaque_text(kTokenLength);
  tokens_[page.token] = {.use = page.is_last ? TokenUse::kDelta : TokenUse::kSkip,
                         .round = round,
                         .page = number + 1,
                         .generation = generation_,
                         .given_at = clock_->now()};
  return page;
}

}  // namespace tests::microsoft
