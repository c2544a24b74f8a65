// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/mailbox_looks.h"

#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/recipients.h"
#include "directory/task.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using Kind = GraphFailureKind;

// The folders of one mailbox that say what a copy is.
struct KnownFolders {
  std::string sent;                                       // id; empty: not known
  std::string quarantine;                                 // id; empty: there is none
  std::map<std::string, std::string, std::less<>> names;  // by id
};

using FoldersByUser = std::map<std::string, KnownFolders, std::less<>>;

// Of a whole tenant, not of one mailbox.
bool concerns_all(const GraphFailure& failure) {
  return failure.kind == Kind::kCredential || failure.kind == Kind::kClock ||
         failure.kind == Kind::kConsent || failure.kind == Kind::kTenant;
}

// The failure that makes looking on useless; no value if there is none.
template <typename T>
std::optional<GraphFailure> failure_of_all(const std::vector<GraphResult<T>>& answers) {
  const auto concerning = std::ranges::find_if(answers, [](const GraphResult<T>& answer) {
    return !answer.has_value() && concerns_all(answer.error());
  });
  if (concerning != answers.end()) {
    return concerning->error();
  }
  const bool are_all_denied = std::ranges::all_of(answers, [](const GraphResult<T>& answer) {
    return !answer.has_value() && answer.error().kind == Kind::kPermission;
  });
  return are_all_denied && !answers.empty() ? std::optional{answers.front().error()} : std::nullopt;
}

// Sent Items, and each folder that a copy lies in.
void add_folders(const MailboxLook& look, std::vector<FolderPlace>& places) {
  places.push_back({.user_id = look.mailbox.user_id, .folder = std::string{kSentItemsFolder}});
  std::set<std::string, std::less<>> folders;
  for (const FoundCopy& found : look.copies) {
    if (folders.insert(found.copy.folder).second) {
      places.push_back({.user_id = look.mailbox.user_id, .folder = found.copy.folder});
    }
  }
}

std::vector<FolderPlace> folders_to_ask(const std::vector<MailboxLook>& looks) {
  std::vector<FolderPlace> places;
  for (const MailboxLook& look : looks) {
    if (!look.copies.empty()) {
      add_folders(look, places);
    }
  }
  return places;
}

std::vector<std::string> users_with_copies(const std::vector<MailboxLook>& looks) {
  std::vector<std::string> users;
  for (const MailboxLook& look : looks) {
    if (!look.copies.empty()) {
      users.push_back(look.mailbox.user_id);
    }
  }
  return users;
}

Task<GraphResult<FoldersByUser>> read_folders(MessageQueries& queries,
                                              const std::vector<MailboxLook>& looks) {
  FoldersByUser known;
  const std::vector<FolderPlace> places = folders_to_ask(looks);
  const std::vector<std::string> users = users_with_copies(looks);
  auto folders = co_await queries.folders(places);
  if (!folders.has_value()) {
    co_return std::unexpected{std::move(folders).error()};
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const GraphResult<MailFolder>& folder = (*folders)[i];
    if (!folder.has_value()) {
      continue;  // without its name it is a folder like any other
    }
    KnownFolders& of_user = known[places[i].user_id];
    if (places[i].folder == kSentItemsFolder) {
      of_user.sent = folder->id;
    }
    of_user.names[folder->id] = folder->name;
  }
  std::string name{kQuarantineFolder};
  const auto quarantines = co_await queries.folders_named(users, std::move(name));
  if (!quarantines.has_value()) {
    co_return std::unexpected{quarantines.error()};
  }
  for (std::size_t i = 0; i < users.size(); ++i) {
    const auto& answer = (*quarantines)[i];
    const std::optional<MailFolder> quarantine =
        answer.has_value() ? *answer : std::optional<MailFolder>{};
    if (quarantine.has_value() && quarantine->is_hidden) {
      known[users[i]].quarantine = quarantine->id;
    }
  }
  co_return known;
}

CopyPlaceKind kind_of(const MessageCopy& copy, const KnownFolders& folders) {
  if (!folders.quarantine.empty() && copy.folder == folders.quarantine) {
    return CopyPlaceKind::kQuarantined;
  }
  const bool is_sent = copy.is_draft || (!folders.sent.empty() && copy.folder == folders.sent);
  return is_sent ? CopyPlaceKind::kSent : CopyPlaceKind::kDelivered;
}

void place_copies(MailboxLook& look, const FoldersByUser& known) {
  const auto folders = known.find(look.mailbox.user_id);
  if (folders == known.end()) {
    return;
  }
  for (FoundCopy& found : look.copies) {
    found.kind = kind_of(found.copy, folders->second);
    const auto name = folders->second.names.find(found.copy.folder);
    found.folder_name = name == folders->second.names.end() ? "" : name->second;
  }
}

}  // namespace

Task<GraphResult<std::vector<MailboxLook>>> look_into(MessageQueries& queries,
                                                      std::vector<Mailbox> mailboxes,
                                                      std::string message_id) {
  std::vector<CopyQuestion> questions;
  questions.reserve(mailboxes.size());
  for (const Mailbox& mailbox : mailboxes) {
    questions.push_back({.user_id = mailbox.user_id, .folder = {}, .message_id = message_id});
  }
  auto answers = co_await queries.copies(std::move(questions));
  if (!answers.has_value()) {
    co_return std::unexpected{std::move(answers).error()};
  }
  if (auto failure = failure_of_all(*answers); failure.has_value()) {
    co_return std::unexpected{*std::move(failure)};
  }
  std::vector<MailboxLook> looks(mailboxes.size());
  for (std::size_t i = 0; i < looks.size(); ++i) {
    looks[i].mailbox = std::move(mailboxes[i]);
    GraphResult<std::vector<MessageCopy>>& answer = (*answers)[i];
    if (!answer.has_value()) {
      looks[i].failure = std::move(answer).error();
      continue;
    }
    for (MessageCopy& copy : *answer) {
      looks[i].copies.push_back(
          {.copy = std::move(copy), .folder_name = {}, .kind = CopyPlaceKind::kDelivered});
    }
  }
  const auto folders = co_await read_folders(queries, looks);
  if (!folders.has_value()) {
    co_return std::unexpected{folders.error()};
  }
  for (MailboxLook& look : looks) {
    place_copies(look, *folders);
  }
  co_return looks;
}

}  // namespace directory
