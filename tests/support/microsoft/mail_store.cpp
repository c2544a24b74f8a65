// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/mail_store.h"

#include "tests/support/microsoft/random.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

struct UsualFolder {
  std::string_view well_known;
  std::string_view name;
};

constexpr auto kUsualFolders =
    std::to_array<UsualFolder>({{.well_known = "inbox", .name = "Inbox"},
                                {.well_known = "drafts", .name = "Drafts"},
                                {.well_known = "sentitems", .name = "Sent Items"},
                                {.well_known = "deleteditems", .name = "Deleted Items"},
                                {.well_known = "junkemail", .name = "Junk Email"},
                                {.well_known = "archive", .name = "Archive"},
                                {.well_known = "recoverableitemsdeletions", .name = "Deletions"}});

constexpr std::size_t kIdLength = 60;

// Ids of Exchange's end in padding, and have what a path must escape.
std::string new_id(std::string_view beginning, Random& random) {
  return std::string{beginning} + random.opaque_text(kIdLength) + "-_=";
}

}  // namespace

bool MailFolder::is_recoverable_items() const {
  return well_known == "recoverableitemsdeletions";
}

MailFolder* MailboxContent::find_folder(std::string_view id_or_name) {
  const auto found = std::ranges::find_if(folders, [&](const MailFolder& folder) {
    return folder.id == id_or_name ||
           (!folder.well_known.empty() && folder.well_known == id_or_name);
  });
  return found == folders.end() ? nullptr : &*found;
}

MailItem* MailboxContent::find_item(std::string_view id) {
  const auto found =
      std::ranges::find_if(items, [&](const MailItem& item) { return item.is_called(id); });
  return found == items.end() ? nullptr : &*found;
}

MailboxContent& MailStore::mailbox(const std::string& user, Random& random) {
  const auto [place, is_new] = mailboxes_.try_emplace(user);
  if (is_new) {
    for (const UsualFolder& folder : kUsualFolders) {
      add_folder(place->second,
                 {.id = {},
                  .name = std::string{folder.name},
                  .well_known = std::string{folder.well_known},
                  .is_hidden = false},
                 random);
    }
  }
  return place->second;
}

MailFolder& MailStore::add_folder(MailboxContent& mailbox, MailFolder folder, Random& random) {
  folder.id = new_id("AQMkAF", random);
  return mailbox.folders.emplace_back(std::move(folder));
}

MailItem& MailStore::add_item(MailboxContent& mailbox, MailItem item, Random& random) {
  item.immutable_id = new_id("AAkALg", random);
  item.id = new_id("AAMkAG", random);
  return mailbox.items.emplace_back(std::move(item));
}

MoveOutcome MailStore::move(MailboxContent& mailbox,
                            MailItem& item,
                            std::string_view to,
                            Random& random) {
  const MailFolder* folder = mailbox.find_folder(to);
  if (folder == nullptr) {
    return MoveOutcome::kNoFolder;
  }
  if (folder->id == item.folder) {
    return MoveOutcome::kThereAlready;
  }
  item.folder = folder->id;
  item.id = new_id("AAMkAG", random);
  ++item.moves;
  return MoveOutcome::kMoved;
}

}  // namespace tests::microsoft
