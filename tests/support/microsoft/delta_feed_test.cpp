// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/delta_feed.h"

#include "tests/support/microsoft/clock.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/selection.h"
#include "tests/support/microsoft/small_world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

// A client that applies what the pages tell, as the documentation has it.
struct Replica {
  std::map<std::string, std::string> names;
  std::map<std::string, std::set<std::string>> members;

  void apply(const json::value& item) {
    const json::object& object = item.as_object();
    const std::string id{text_of(object, "id")};
    if (object.contains("@removed")) {
      names.erase(id);
      members.erase(id);
      return;
    }
    names[id] = text_of(object, "displayName");
    if (const json::value* told = object.if_contains("members@delta"); told != nullptr) {
      for (const json::value& member : told->as_array()) {
        const std::string member_id{text_of(member.as_object(), "id")};
        if (member.as_object().contains("@removed")) {
          members[id].erase(member_id);
        } else {
          members[id].insert(member_id);
        }
      }
    }
  }
};

class MicrosoftDelta : public testing::Test {
 protected:
  DeltaQuery query(ObjectKind kind, const std::string& select) {
    return {.kind = kind,
            .selection = select_properties(kind, select, true).value(),
            .ids = {},
            .page_size = 0};
  }

  // Applies a page and those that follow it; the delta token of the last.
  std::string finish(ObjectKind kind, DeltaPage page, Replica& replica) {
    ++pages;
    while (true) {
      for (const json::value& item : page.value) {
        ++items;
        replica.apply(item);
      }
      if (page.is_last) {
        return page.token;
      }
      page = feed().follow(kind, TokenUse::kSkip, page.token).value();
      ++pages;
    }
  }

  std::string follow(ObjectKind kind, const std::string& token, Replica& replica) {
    return finish(kind, feed().follow(kind, TokenUse::kDelta, token).value(), replica);
  }

  // What a client must know in the end.
  Replica truth() {
    Replica all;
    for (const ObjectKind kind : {ObjectKind::kUser, ObjectKind::kGroup}) {
      for (const DirectoryObject& object : small.directory().objects(kind)) {
        if (object.presence == Presence::kPresent) {
          all.names[object.id] = text_of(object.properties, "displayName");
        }
        for (const auto& [member, membership] : object.members) {
          if (membership.is_member && object.presence == Presence::kPresent) {
            all.members[object.id].insert(small.directory().object(member).id);
          }
        }
      }
    }
    return all;
  }

  DeltaFeed& feed() { return small.site().delta; }

  SmallWorld small{200, 20};
  std::size_t pages = 0;
  std::size_t items = 0;
};

constexpr std::string_view kGroups = "id,displayName,members";

TEST_F(MicrosoftDelta, AClientThatAppliesAllPagesKnowsTheTruth) {
  small.world.delta = {
      .page_size = 7, .member_slice = 3, .duplicates = 0.3, .replays = 0.3, .empty_pages = 0.3};
  Replica replica;
  std::string users =
      finish(ObjectKind::kUser, feed().begin(query(ObjectKind::kUser, "displayName")), replica);
  std::string groups = finish(
      ObjectKind::kGroup, feed().begin(query(ObjectKind::kGroup, std::string{kGroups})), replica);
  for (int round = 0; round < 20; ++round) {
    small.control("POST", "/control/changes", R"({"random_changes": 40})");
    users = follow(ObjectKind::kUser, users, replica);
    groups = follow(ObjectKind::kGroup, groups, replica);
    const Replica wanted = truth();
    ASSERT_EQ(replica.names, wanted.names);
    std::erase_if(replica.members, [](const auto& group) { return group.second.empty(); });
    ASSERT_EQ(replica.members, wanted.members);
  }
}

TEST_F(MicrosoftDelta, WhatChangesDuringARoundIsToldInTheNext) {
  small.world.delta = {.page_size = 10, .duplicates = 0, .replays = 0, .empty_pages = 0};
  Replica replica;
  DeltaPage first = feed().begin(query(ObjectKind::kUser, "displayName"));
  small.control("POST", "/control/changes", R"({"random_changes": 60})");
  const std::string token = finish(ObjectKind::kUser, std::move(first), replica);
  follow(ObjectKind::kUser, token, replica);
  Replica wanted = truth();
  std::erase_if(wanted.names, [&](const auto& known) {
    return small.directory().find(ObjectKind::kGroup, known.first).has_value();
  });
  EXPECT_EQ(replica.names, wanted.names);
}

TEST_F(MicrosoftDelta, WithoutNewsTheRoundIsOneEmptyPage) {
  small.world.delta = {.duplicates = 0, .replays = 0, .empty_pages = 0};
  Replica replica;
  const std::string token =
      finish(ObjectKind::kUser, feed().begin(query(ObjectKind::kUser, "displayName")), replica);
  pages = items = 0;
  follow(ObjectKind::kUser, token, replica);
  EXPECT_EQ(pages, 1U);
  EXPECT_EQ(items, 0U);
}

TEST_F(MicrosoftDelta, ABigGroupComesInPiecesAsTheSameObject) {
  small.world.delta = {.page_size = 1000, .member_slice = 5, .duplicates = 0, .empty_pages = 0};
  const std::string id = small.directory().object(small.group("Executives")).id;
  const DeltaPage page = feed().begin(query(ObjectKind::kGroup, std::string{kGroups}));
  std::size_t pieces = 0;
  for (const json::value& item : page.value) {
    if (text_of(item.as_object(), "id") == id) {
      ++pieces;
      EXPECT_EQ(text_of(item.as_object(), "displayName"), "Executives");
      EXPECT_LE(item.at("members@delta").as_array().size(), 5U);
    }
  }
  EXPECT_GE(pieces, 3U);
}

TEST_F(MicrosoftDelta, RemovalTellsWhetherItIsForGood) {
  small.world.delta = {.page_size = 1000, .duplicates = 0, .replays = 0, .empty_pages = 0};
  const auto all = query(ObjectKind::kUser, "displayName");
  std::string token = feed().begin(all).token;
  const auto next = [&] {
    DeltaPage page = feed().follow(ObjectKind::kUser, TokenUse::kDelta, token).value();
    token = page.token;
    return page.value.at(0).as_object();
  };
  small.directory().remove({});
  EXPECT_EQ(next().at("@removed").at("reason"), "changed");
  small.directory().restore({});
  EXPECT_FALSE(next().contains("@removed"));
  small.directory().purge({});
  EXPECT_EQ(next().at("@removed").at("reason"), "deleted");
}

TEST_F(MicrosoftDelta, OnlyWhatWasEverSetIsTold) {
  small.world.delta = {.page_size = 1000, .duplicates = 0, .replays = 0, .empty_pages = 0};
  const auto all = query(ObjectKind::kUser, "displayName,jobTitle,city");
  const std::string token = feed().begin(all).token;
  small.directory().update({}, {{"jobTitle", nullptr}});
  const DeltaPage page = feed().follow(ObjectKind::kUser, TokenUse::kDelta, token).value();
  const json::object& told = page.value.at(0).as_object();
  EXPECT_TRUE(told.at("jobTitle").is_null());
  EXPECT_TRUE(told.contains("displayName"));
  EXPECT_FALSE(told.contains("city"));
  EXPECT_FALSE(told.contains("mail"));
}

TEST_F(MicrosoftDelta, TokensEnd) {
  const DeltaPage page = feed().begin(query(ObjectKind::kUser, "displayName"));
  const TokenUse use = page.is_last ? TokenUse::kDelta : TokenUse::kSkip;
  const auto refusal = [&](ObjectKind kind, TokenUse as, const std::string& token) {
    return feed().follow(kind, as, token).error();
  };
  EXPECT_EQ(refusal(ObjectKind::kUser, use, "made-up"), TokenRefusal::kUnknown);
  EXPECT_EQ(refusal(ObjectKind::kGroup, use, page.token), TokenRefusal::kUnknown);
  small.world.clock.set_offset(std::chrono::days{8});
  EXPECT_EQ(refusal(ObjectKind::kUser, use, page.token), TokenRefusal::kExpired);
  small.world.clock.set_offset(std::chrono::days{6});
  EXPECT_TRUE(feed().follow(ObjectKind::kUser, use, page.token).has_value());
  feed().expire_tokens();
  EXPECT_EQ(refusal(ObjectKind::kUser, use, page.token), TokenRefusal::kExpired);
}

TEST_F(MicrosoftDelta, AShrunkRoundLosesMostUsersOnce) {
  for (const std::string mode : {"removed", "omitted"}) {
    SCOPED_TRACE(mode);
    small.control(
        "POST", "/control/delta", R"({"shrink": ")" + mode + R"(", "shrink_share": 0.9})");
    Replica shrunk;
    finish(ObjectKind::kUser, feed().begin(query(ObjectKind::kUser, "displayName")), shrunk);
    EXPECT_LT(shrunk.names.size(), 60U);
    Replica whole;
    finish(ObjectKind::kUser, feed().begin(query(ObjectKind::kUser, "displayName")), whole);
    EXPECT_EQ(whole.names.size(), 200U);
  }
}

}  // namespace
}  // namespace tests::microsoft
