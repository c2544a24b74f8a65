// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/random.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tests::microsoft {

/// Lists that are given out in pages; a list stays as it was when its first page was asked for.
class ListPages {
 public:
  /// `random` must outlive the pages.
  explicit ListPages(Random& random) : random_(&random) {}

  struct Page {
    std::vector<ObjectRef> objects;
    std::string next;  ///< skip token of the next page; empty on the last one
  };

  /// The first `size` objects. `request` is what later pages must ask for too.
  [[nodiscard]] Page begin(std::vector<ObjectRef> all, std::size_t size, std::string request);

  /// The page of a skip token; nothing if it was not given out for this request.
  [[nodiscard]] std::optional<Page> follow(const std::string& token, const std::string& request);

 private:
  struct List {
    std::vector<ObjectRef> all;
    std::size_t size;
    std::string request;
  };

  [[nodiscard]] Page cut(const std::shared_ptr<const List>& list, std::size_t first);

  Random* random_;
  std::unordered_map<std::string, std::pair<std::shared_ptr<const List>, std::size_t>> tokens_;
};

}  // namespace tests::microsoft
