// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/clock.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/selection.h"

#include <boost/json/array.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tests::microsoft {

/// How many users a round pretends to have lost.
enum class ShrinkMode : std::uint8_t {
  kNone,
  kRemoved,  ///< told as `@removed`
  kOmitted,  ///< a full round leaves them out
};

/// What the service does of what it may do.
struct DeltaSettings {
  std::size_t page_size = 200;     ///< objects a page
  std::size_t member_slice = 100;  ///< members told at a time; the group comes again with others
  double duplicates = 0.02;        ///< share of the objects that come twice in a round
  double replays = 0.02;           ///< share of the unchanged objects that a delta tells again
  double empty_pages = 0.1;        ///< chance of a page without objects before a page
  ShrinkMode shrink = ShrinkMode::kNone;
  double shrink_share = 0.9;
  std::size_t shrink_rounds = 0;  ///< how many of the next rounds of users shrink
};

/// What a stream of deltas tells; a token is good for the same query only.
struct DeltaQuery {
  ObjectKind kind = ObjectKind::kUser;
  Selection selection;
  std::vector<std::string> ids;  ///< only these objects; all if empty
  std::size_t page_size = 0;     ///< at most this many objects a page; 0 for the setting
};

struct DeltaPage {
  json::array value;
  std::string token;
  bool is_last = false;  ///< the token is a delta token, not a skip token
};

/// Why a token is not taken.
enum class TokenRefusal : std::uint8_t {
  kUnknown,  ///< never given out, or for something else
  kExpired,  ///< too old: begin anew
};

enum class TokenUse : std::uint8_t { kSkip, kDelta };

/// Rounds over the changes of a directory. A change during a round is told in the next one.
class DeltaFeed {
 public:
  /// All must outlive the feed.
  DeltaFeed(const Directory& directory, const Clock& clock, DeltaSettings& settings, Random& random)
      : directory_(&directory), clock_(&clock), settings_(&settings), random_(&random) {}

  /// The first page of a round over everything there is.
  [[nodiscard]] DeltaPage begin(const DeltaQuery& query);

  /// A page without objects, from which on changes are told.
  [[nodiscard]] DeltaPage begin_with_nothing(const DeltaQuery& query);

  /// The page a token stands for; a skip token gives the same page each time.
  [[nodiscard]] std::expected<DeltaPage, TokenRefusal> follow(ObjectKind kind,
                                                              TokenUse use,
                                                              const std::string& token);

  /// The query a token was given out for; nothing if it never was.
  [[nodiscard]] std::optional<DeltaQuery> query_of(const std::string& token) const;

  /// Makes every token given out so far useless.
  void expire_tokens() { ++generation_; }

 private:
  struct Item;
  struct Round;

  struct Token {
    TokenUse use = TokenUse::kSkip;
    std::shared_ptr<const Round> round;
    std::size_t page = 0;
    std::size_t generation = 0;
    std::chrono::seconds given_at{0};
  };

  [[nodiscard]] std::shared_ptr<const Round> plan(const DeltaQuery& query, Version since);
  void plan_object(Round& round, ObjectRef ref, Version since);
  void plan_members(Round& round, ObjectRef group, Version since);
  void shrink(Round& round, Version since);
  void finish(Round& round);
  [[nodiscard]] bool is_wanted(const DeltaQuery& query, const DirectoryObject& object) const;
  [[nodiscard]] DeltaPage page(const std::shared_ptr<const Round>& round, std::size_t number);
  [[nodiscard]] json::object told(const Round& round, const Item& item) const;

  const Directory* directory_;
  const Clock* clock_;
  DeltaSettings* settings_;
  Random* random_;
  std::unordered_map<std::string, Token> tokens_;
  std::size_t generation_ = 0;
};

}  // namespace tests::microsoft
