// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/pending_mailboxes.h"

#include "directory/graph/posture_queries.h"
#include "directory/posture/looks.h"
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

constexpr std::string_view kLegacyProxy = "x500:";

void name_fields(auto& fields, auto& mailbox) {
  fields.text("l", mailbox.label);
  fields.flag("m", mailbox.has_mailbox);
  fields.flag("d", mailbox.is_disabled);
}

}  // namespace

PendingMailboxes::PendingMailboxes(StateDatabase& database, DirectoryKey key)
    : database_(&database), key_(std::move(key)) {}

void PendingMailboxes::put(StateBatch& batch, const PendingMailbox& mailbox) const {
  FieldWriter fields;
  name_fields(fields, mailbox);
  batch.put(Table::kPosturePending,
            join_key({key_.organization, key_.directory, mailbox.id}),
            fields.finish());
}

void PendingMailboxes::remove(StateBatch& batch, const std::string& id) const {
  batch.remove(Table::kPosturePending, join_key({key_.organization, key_.directory, id}));
}

void PendingMailboxes::clear(StateBatch& batch) const {
  const std::string prefix = join_key({key_.organization, key_.directory});
  batch.remove_prefix(Table::kPosturePending, prefix);
  batch.remove_prefix(Table::kPostureRecipients, prefix);
}

Result<std::vector<PendingMailbox>> PendingMailboxes::first(std::size_t most) const {
  std::vector<PendingMailbox> mailboxes;
  const auto read =
      database_->for_each(Table::kPosturePending,
                          join_key({key_.organization, key_.directory}),
                          "",
                          [&](std::string_view key, std::string_view value) -> Result<bool> {
                            PendingMailbox mailbox;
                            mailbox.id = split_key(key).back();
                            FieldReader fields{value};
                            name_fields(fields, mailbox);
                            if (auto status = fields.status(); !status.has_value()) {
                              return std::unexpected{status.error()};
                            }
                            mailboxes.push_back(std::move(mailbox));
                            return mailboxes.size() < most;
                          });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return mailboxes;
}

void PendingMailboxes::put_recipient(StateBatch& batch, const PostureUser& user) const {
  const auto put_name = [&](const std::string& name) {
    if (!name.empty()) {
      batch.put(Table::kPostureRecipients, join_key({key_.organization, key_.directory, name}), {});
    }
  };
  put_name(lowered(user.display_name));
  for (const std::string& proxy : user.proxy_addresses) {
    const std::string address = lowered(proxy);
    if (address.starts_with(kLegacyProxy)) {
      put_name(address.substr(kLegacyProxy.size()));
    }
  }
}

bool PendingMailboxes::knows_recipient(std::string_view address, std::string_view name) const {
  const auto knows = [&](const std::string& text) {
    const auto read = database_->get(Table::kPostureRecipients,
                                     join_key({key_.organization, key_.directory, text}));
    return !text.empty() && read.has_value() && read->has_value();
  };
  return knows(lowered(address)) || knows(lowered(name));
}

}  // namespace directory
