// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/messages_json.h"

#include "directory/messages/pull_record.h"
#include "directory/messages/pull_summary.h"
#include "directory/messages/recipients.h"
#include "policy/name/visible_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

json::array visible(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) {
    list.emplace_back(json::string(policy::visible_text(text)));
  }
  return list;
}

json::array groups_json(const std::vector<ExpandedGroup>& groups) {
  json::array list;
  for (const ExpandedGroup& group : groups) {
    json::object object;
    object["address"] = policy::visible_text(group.address);
    object["name"] = policy::visible_text(group.name);
    object["members"] = group.members;
    list.emplace_back(std::move(object));
  }
  return list;
}

json::object counts_json(const PullRecord& record) {
  json::object counts;
  for (const auto& [state, count] : record.counts) {
    if (count > 0) {
      counts[word_of(state)] = count;
    }
  }
  return counts;
}

}  // namespace

json::object to_json(const PullRecord& record, std::uint64_t job) {
  json::object object;
  object["number"] = record.number;
  object["organization"] = record.key.organization;
  object["directory"] = record.key.directory;
  object["who"] = policy::visible_text(record.who);
  object["state"] = word_of(record.state);
  object["job"] = job == 0 ? json::value(nullptr) : json::value(job);
  object["begun"] = record.begun;
  object["ended"] = record.ended;
  object["restore_begun"] = record.restore_begun;
  object["message_id"] = policy::visible_text(record.target.message_id);
  object["sender"] = policy::visible_text(record.target.sender);
  object["subject"] = policy::visible_text(record.target.subject);
  object["detection"] =
      record.detection.empty() ? json::value(nullptr) : json::value(record.detection);
  object["destination"] = word_of(record.destination);
  object["recipients"] = visible(record.recipients);
  object["unlisted"] = record.unlisted;
  object["groups"] = groups_json(record.groups);
  object["unknown"] = visible(record.unknown);
  object["mailboxes"] = record.mailboxes;
  object["searched"] = record.searched;
  object["counts"] = counts_json(record);
  object["summary"] = summary_of(record);
  object["disagreement"] = record.disagreement;
  object["failure"] = policy::visible_text(record.failure);
  return object;
}

json::object to_json(const CopyRecord& copy) {
  json::object object;
  object["user"] = copy.mailbox.user_id;
  object["mailbox"] = policy::visible_text(copy.mailbox.address);
  object["folder"] = policy::visible_text(copy.folder_name);
  object["sender"] = policy::visible_text(copy.sender);
  object["subject"] = policy::visible_text(copy.subject);
  object["received"] = copy.received;
  object["read"] = copy.is_read;
  object["state"] = word_of(copy.state);
  object["why"] = policy::visible_text(copy.why);
  return object;
}

}  // namespace directory
