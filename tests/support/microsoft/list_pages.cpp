// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/list_pages.h"

#include "tests/support/microsoft/directory.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests::microsoft {

ListPages::Page ListPages::begin(std::vector<ObjectRef> all,
                                 std::size_t size,
                                 std::string request) {
  const List list{.all = std::move(all), .size = size, .request = std::move(request)};
  return cut(std::make_shared<const List>(list), 0);
}

std::optional<ListPages::Page> ListPages::follow(const std::string& token,
                                                 const std::string& request) {
  const auto found = tokens_.find(token);
  if (found == tokens_.end() || found->second.first->request != request) {
    return std::nullopt;
  }
  const auto [list, first] = found->second;
  return cut(list, first);
}

ListPages::Page ListPages::cut(const std::shared_ptr<const List>& list, std::size_t first) {
  const std::size_t end = std::min(first + list->size, list->all.size());
  Page page;
  for (std::size_t i = first; i < end; ++i) {
    page.objects.push_back(list->all[i]);
  }
  if (end < list->all.size()) {
    page.next = random_->opaque_text(32);
    tokens_[page.next] = {list, end};
  }
  return page;
}

}  // namespace tests::microsoft
