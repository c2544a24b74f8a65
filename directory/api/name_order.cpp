// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/name_order.h"

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/name/folding.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

// Another whenever the set is: a delta changes a set without giving it another number.
std::string version_of(const SyncState& state) {
  return join_key(
      {std::to_string(state.live_set), std::to_string(state.last_success), state.users_delta_link});
}

}  // namespace

policy::Result<NameOrder> NameOrder::of(const ContentView& view) {
  const std::uint64_t users = view.sync_state().counts.users;
  if (users > kMostUsers) {
    return policy::fail(
        policy::ErrorCode::kInvalidInput,
        "there are too many people to order them by name: " + std::to_string(users) + ", at most " +
            std::to_string(kMostUsers) + "; leave out 'order'");
  }
  NameOrder order;
  order.keys_.reserve(users);
  const auto take = [&](const StoredUser& user,
                        const std::vector<std::string>& /*groups*/) -> policy::Result<bool> {
    order.keys_.push_back(join_key({policy::fold_compatibly(user.display_name), user.id}));
    return true;
  };
  if (auto read = view.for_each_user(take); !read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  std::ranges::sort(order.keys_);
  return order;
}

std::size_t NameOrder::first_after(std::string_view key) const {
  const auto found = std::ranges::upper_bound(keys_, key);
  return key.empty() ? 0 : static_cast<std::size_t>(found - keys_.begin());
}

std::string NameOrder::id(std::size_t place) const {
  return split_key(keys_[place]).back();
}

policy::Result<std::shared_ptr<const NameOrder>> NameOrders::of(const DirectoryKey& key,
                                                                const ContentView& view) {
  std::string version = version_of(view.sync_state());
  const auto known = std::ranges::find(kept_, key, &Kept::key);
  if (known != kept_.end() && known->version == version) {
    kept_.splice(kept_.begin(), kept_, known);
    return known->order;
  }
  if (known != kept_.end()) {
    kept_.erase(known);
  }
  auto made = NameOrder::of(view);
  if (!made.has_value()) {
    return std::unexpected{std::move(made).error()};
  }
  auto order = std::make_shared<const NameOrder>(*std::move(made));
  kept_.push_front({.key = key, .version = std::move(version), .order = order});
  kept_.resize(std::min(kept_.size(), kMostKept));
  return order;
}

}  // namespace directory
