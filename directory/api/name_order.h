// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// The users of one set by name, whatever its case and width; those of one name by id. A place in
/// the order is a key that stays right when the set changes: what follows it follows it still.
class NameOrder {
 public:
  /// More users than this are not ordered: reading them all would hold up the daemon's thread.
  static constexpr std::uint64_t kMostUsers = 100'000;

  /// Reads every user of the set. `kInvalidInput` if there are more than `kMostUsers`.
  [[nodiscard]] static policy::Result<NameOrder> of(const ContentView& view);

  /// The first place after this key; `size()` if there is none. Empty: the first of all.
  [[nodiscard]] std::size_t first_after(std::string_view key) const;

  [[nodiscard]] const std::string& key(std::size_t place) const { return keys_[place]; }

  /// The id of the user at this place.
  [[nodiscard]] std::string id(std::size_t place) const;

  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  std::vector<std::string> keys_;
};

/// The orders that were asked for last, each as long as its set is in force. For one thread.
class NameOrders {
 public:
  /// Directories whose orders are kept: some ten megabytes for each 100,000 users.
  static constexpr std::size_t kMostKept = 8;

  /// The order of the set that the view shows. Errors as of `NameOrder::of`.
  [[nodiscard]] policy::Result<std::shared_ptr<const NameOrder>> of(const DirectoryKey& key,
                                                                    const ContentView& view);

 private:
  struct Kept {
    DirectoryKey key;
    std::string version;  // of the set
    std::shared_ptr<const NameOrder> order;
  };

  std::list<Kept> kept_;  // the one asked for last first
};

}  // namespace directory
