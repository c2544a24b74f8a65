// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/destinations.h"

#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/mailbox_looks.h"
#include "directory/messages/pull_record.h"
#include "directory/task.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using Ids = std::vector<GraphResult<std::string>>;

Task<EachAnswer<std::string>> recoverable_items(MessageQueries& queries,
                                                std::vector<std::string> user_ids) {
  std::vector<FolderPlace> places;
  places.reserve(user_ids.size());
  for (std::string& id : user_ids) {
    places.push_back({.user_id = std::move(id), .folder = std::string{kRecoverableItemsFolder}});
  }
  auto folders = co_await queries.folders(std::move(places));
  if (!folders.has_value()) {
    co_return std::unexpected{std::move(folders).error()};
  }
  Ids ids;
  ids.reserve(folders->size());
  for (GraphResult<MailFolder>& folder : *folders) {
    ids.push_back(folder.has_value() ? GraphResult<std::string>{std::move(folder->id)}
                                     : std::unexpected{std::move(folder).error()});
  }
  co_return ids;
}

// The quarantine of a mailbox: its id, an empty one where there is none.
GraphResult<std::string> id_of_quarantine(const GraphResult<std::optional<MailFolder>>& answer) {
  if (!answer.has_value()) {
    return std::unexpected{answer.error()};
  }
  const std::optional<MailFolder>& folder = *answer;
  if (!folder.has_value()) {
    return std::string{};
  }
  if (!folder->is_hidden) {
    return std::unexpected{graph_failure(
        GraphFailureKind::kRefused,
        fmt::format("the mailbox has a folder '{}' that is not hidden; rename it, then pull again",
                    kQuarantineFolder))};
  }
  return folder->id;
}

Task<EachAnswer<std::string>> known_quarantines(MessageQueries& queries,
                                                std::vector<std::string> user_ids) {
  std::string name{kQuarantineFolder};
  const auto answers = co_await queries.folders_named(std::move(user_ids), std::move(name));
  if (!answers.has_value()) {
    co_return std::unexpected{answers.error()};
  }
  Ids ids;
  ids.reserve(answers->size());
  for (const auto& answer : *answers) {
    ids.push_back(id_of_quarantine(answer));
  }
  co_return ids;
}

// Makes the folders of those users that have none; `ids` are of the same users.
Task<GraphResult<void>> make_missing(MessageQueries& queries,
                                     const std::vector<std::string>& user_ids,
                                     Ids& ids) {
  std::vector<std::string> lacking;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i].has_value() && ids[i]->empty()) {
      lacking.push_back(user_ids[i]);
      places.push_back(i);
    }
  }
  const std::string name{kQuarantineFolder};
  auto made = co_await queries.make_hidden_folders(lacking, name);
  if (!made.has_value()) {
    co_return std::unexpected{std::move(made).error()};
  }
  // Of a request whose answer was lost the second one is refused: the folder is there already.
  auto known = co_await known_quarantines(queries, std::move(lacking));
  if (!known.has_value()) {
    co_return std::unexpected{std::move(known).error()};
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    GraphResult<MailFolder>& folder = (*made)[i];
    GraphResult<std::string>& found = (*known)[i];
    if (found.has_value() && !found->empty()) {
      ids[places[i]] = std::move(found);
    } else if (folder.has_value()) {
      ids[places[i]] = std::move(folder->id);
    } else {
      ids[places[i]] = std::unexpected{std::move(folder).error()};
    }
  }
  co_return GraphResult<void>{};
}

}  // namespace

Task<EachAnswer<std::string>> find_destination_folders(MessageQueries& queries,
                                                       std::vector<std::string> user_ids,
                                                       PullDestination destination) {
  if (destination == PullDestination::kRecoverableItems) {
    co_return co_await recoverable_items(queries, std::move(user_ids));
  }
  auto ids = co_await known_quarantines(queries, user_ids);
  if (!ids.has_value()) {
    co_return ids;
  }
  if (auto made = co_await make_missing(queries, user_ids, *ids); !made.has_value()) {
    co_return std::unexpected{std::move(made).error()};
  }
  co_return ids;
}

}  // namespace directory
