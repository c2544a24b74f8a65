// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/message_decoder.h"

#include "directory/graph/json_properties.h"
#include "directory/graph/message_queries.h"
#include "policy/result.h"

#include <boost/json/value.hpp>

#include <expected>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

MessageCopy read_copy(const Properties& item) {
  return {.id = item.text("id"),
          .folder = item.text("parentFolderId"),
          .message_id = item.text("internetMessageId"),
          .sender = item.object("from").object("emailAddress").text("address"),
          .subject = item.text("subject"),
          .received = item.time("receivedDateTime").value_or(0),
          .is_read = item.flag("isRead").value_or(false),
          .is_draft = item.flag("isDraft").value_or(false)};
}

MailFolder read_folder(const Properties& item) {
  return {.id = item.text("id"),
          .name = item.text("displayName"),
          .is_hidden = item.flag("isHidden").value_or(false)};
}

// Those of the list that have an id.
template <typename Item>
std::vector<Item> read_items(const Properties& root, Item (*read)(const Properties&)) {
  std::vector<Item> items;
  for (const json::value& each : root.list("value")) {
    Item item = read(Properties{&each});
    if (!item.id.empty()) {
      items.push_back(std::move(item));
    }
  }
  return items;
}

}  // namespace

Result<CopyPage> decode_copies(std::string_view body) {
  return read_body<CopyPage>(body, [](const Properties& root) -> Result<CopyPage> {
    if (auto checked = check_page(root); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
    return CopyPage{.copies = read_items(root, &read_copy),
                    .next_link = root.text("@odata.nextLink")};
  });
}

Result<MessageCopy> decode_copy(std::string_view body) {
  return read_body<MessageCopy>(body, [](const Properties& root) -> Result<MessageCopy> {
    MessageCopy copy = read_copy(root);
    if (copy.id.empty() || copy.folder.empty()) {
      return fail(ErrorCode::kInvalidInput, "the message has no id or no folder");
    }
    return copy;
  });
}

Result<std::vector<MailFolder>> decode_folders(std::string_view body) {
  using Folders = std::vector<MailFolder>;
  return read_body<Folders>(body, [](const Properties& root) -> Result<Folders> {
    if (auto checked = check_page(root); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
    return read_items(root, &read_folder);
  });
}

Result<MailFolder> decode_folder(std::string_view body) {
  return read_body<MailFolder>(body, [](const Properties& root) -> Result<MailFolder> {
    MailFolder folder = read_folder(root);
    if (folder.id.empty()) {
      return fail(ErrorCode::kInvalidInput, "the folder has no id");
    }
    return folder;
  });
}

}  // namespace directory
