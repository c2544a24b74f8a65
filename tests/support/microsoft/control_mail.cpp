// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_mail.h"

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/mail_store.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

Site& site_of(World& world) {
  return *world.sites.front();
}

bool has_address(const DirectoryObject& object, const std::string& address) {
  if (lower_case(text_of(object.properties, "mail")) == address ||
      lower_case(text_of(object.properties, "userPrincipalName")) == address) {
    return true;
  }
  const json::value* proxies = object.properties.if_contains("proxyAddresses");
  return proxies != nullptr && proxies->is_array() &&
         std::ranges::any_of(proxies->get_array(), [&](const json::value& proxy) {
           return proxy.is_string() && lower_case(proxy.get_string()) == "smtp:" + address;
         });
}

bool has_mailbox(const DirectoryObject& user) {
  return text_of(user.properties, "userType") != "Guest" &&
         !text_of(user.properties, "mail").empty();
}

// Adds the users whom mail to this address, or to the group of this name, reaches.
void add_reached(const Directory& directory, const std::string& to, std::set<ObjectRef>& reached) {
  const std::string address = lower_case(to);
  bool is_known = false;
  for (const ObjectKind kind : {ObjectKind::kUser, ObjectKind::kGroup}) {
    const auto& objects = directory.objects(kind);
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const bool is_meant =
          has_address(objects[i], address) || text_of(objects[i].properties, "displayName") == to;
      if (!is_meant || objects[i].presence != Presence::kPresent) {
        continue;
      }
      is_known = true;
      const ObjectRef ref{.kind = kind, .position = i};
      const auto members = kind == ObjectKind::kGroup ? directory.transitive_members(ref)
                                                      : std::vector<ObjectRef>{ref};
      reached.insert(members.begin(), members.end());
    }
  }
  if (!is_known) {
    throw std::invalid_argument{"nobody is called " + to};
  }
}

MailboxContent& mailbox_named(World& world, const std::string& user) {
  Site& site = site_of(world);
  std::set<ObjectRef> reached;
  add_reached(site.tenant.directory, user, reached);
  if (reached.size() != 1) {
    throw std::invalid_argument{"name one user"};
  }
  return site.mail.mailbox(site.tenant.directory.object(*reached.begin()).id, world.random);
}

// By well-known name, id or display name.
MailFolder& folder_named(MailboxContent& mailbox, const std::string& name) {
  if (MailFolder* folder = mailbox.find_folder(name); folder != nullptr) {
    return *folder;
  }
  const auto found = std::ranges::find(mailbox.folders, name, &MailFolder::name);
  if (found == mailbox.folders.end()) {
    throw std::invalid_argument{"there is no folder " + name};
  }
  return *found;
}

std::string needed(ControlFields& fields, std::string_view name) {
  auto text = fields.text(name);
  if (!text.has_value()) {
    throw std::invalid_argument{std::string{name} + " is missing"};
  }
  return *std::move(text);
}

json::object told(const DirectoryObject& user, MailboxContent& mailbox, const MailItem& item) {
  const MailFolder* folder = mailbox.find_folder(item.folder);
  json::object object;
  object["user"] = user.id;
  object["mail"] = text_of(user.properties, "mail");
  object["id"] = item.immutable_id;
  object["message_id"] = item.message_id;
  object["subject"] = item.subject;
  object["sender"] = item.sender;
  object["folder"] = folder == nullptr ? "" : folder->name;
  object["is_hidden"] = folder != nullptr && folder->is_hidden;
  object["is_read"] = item.is_read;
  object["moves"] = item.moves;
  return object;
}

}  // namespace

json::object deliver_mail(World& world, ControlFields& fields) {
  Site& site = site_of(world);
  MailItem item;
  item.message_id = needed(fields, "message_id");
  item.subject = fields.text("subject").value_or("");
  item.sender = fields.text("sender").value_or("");
  item.sender_name = fields.text("sender_name").value_or("");
  item.received = fields.text("received").value_or(world.clock.graph_time() + "Z");
  item.is_read = fields.flag("read").value_or(false);
  item.is_draft = fields.flag("draft").value_or(false);
  const std::string folder = fields.text("folder").value_or("inbox");
  std::set<ObjectRef> reached;
  for (const std::string& to : fields.texts("recipients").value_or(std::vector<std::string>{})) {
    add_reached(site.tenant.directory, to, reached);
  }
  std::size_t delivered = 0;
  for (const ObjectRef& ref : reached) {
    const DirectoryObject& user = site.tenant.directory.object(ref);
    if (ref.kind == ObjectKind::kUser && has_mailbox(user)) {
      MailboxContent& mailbox = site.mail.mailbox(user.id, world.random);
      item.folder = folder_named(mailbox, folder).id;
      MailStore::add_item(mailbox, item, world.random);
      ++delivered;
    }
  }
  json::object answer;
  answer["delivered"] = delivered;
  return answer;
}

json::object change_mail(World& world, ControlFields& fields) {
  MailboxContent& mailbox = mailbox_named(world, needed(fields, "user"));
  const std::string message_id = needed(fields, "message_id");
  const auto folder = fields.text("folder");
  for (MailItem& item : mailbox.items) {
    if (item.message_id == message_id && folder.has_value()) {
      static_cast<void>(
          MailStore::move(mailbox, item, folder_named(mailbox, *folder).id, world.random));
    }
  }
  if (fields.flag("remove").value_or(false)) {
    std::erase_if(mailbox.items,
                  [&](const MailItem& item) { return item.message_id == message_id; });
  }
  return {};
}

json::object change_mail_folder(World& world, ControlFields& fields) {
  MailboxContent& mailbox = mailbox_named(world, needed(fields, "user"));
  const std::string name = needed(fields, "name");
  if (!fields.flag("remove").value_or(false)) {
    MailStore::add_folder(mailbox,
                          {.id = {},
                           .name = name,
                           .well_known = {},
                           .is_hidden = fields.flag("hidden").value_or(false)},
                          world.random);
    return {};
  }
  const std::string id = folder_named(mailbox, name).id;
  std::erase_if(mailbox.folders, [&](const MailFolder& folder) { return folder.id == id; });
  std::erase_if(mailbox.items, [&](const MailItem& item) { return item.folder == id; });
  return {};
}

json::object set_mail(World& world, ControlFields& fields) {
  MailStore& mail = site_of(world).mail;
  mail.lists_hidden = fields.flag("lists_hidden").value_or(mail.lists_hidden);
  return {};
}

json::object read_mail(World& world, const Parameters& query) {
  Site& site = site_of(world);
  const auto message_id = query.find("message_id");
  json::array all;
  for (const DirectoryObject& user : site.tenant.directory.objects(ObjectKind::kUser)) {
    MailboxContent& mailbox = site.mail.mailbox(user.id, world.random);
    for (const MailItem& item : mailbox.items) {
      if (!message_id.has_value() || *message_id == item.message_id) {
        all.push_back(told(user, mailbox, item));
      }
    }
  }
  json::object answer;
  answer["messages"] = std::move(all);
  return answer;
}

}  // namespace tests::microsoft
