// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/messages/pulled_tenant.h"

#include "directory/messages/message_pull.h"
#include "directory/messages/pull_record.h"
#include "directory/messages/recipients.h"
#include "directory/store/state_database.h"
#include "directory/sync/tenant.h"
#include "policy/event.h"
#include "policy/result.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/registered_application.h"
#include "tests/support/run_task.h"
#include "tests/support/temporary_folder.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tests {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, const char* name) {
  const json::value* found = value.as_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

}  // namespace

PulledTenant::PulledTenant(std::size_t count)
    : log_(policy::LogLevel::kError, policy::LogFormat::kText) {
  MicrosoftSimulator::Settings simulated;
  simulated.people = count;
  simulated.groups = 4;
  microsoft_ = MicrosoftSimulator::start(simulated).value();
  database_ = directory::StateDatabase::open(folder_.path() / "database").value();
  tenant_ = directory::Tenant::open(
                io_.get_executor(), registered_application(*microsoft_, folder_.path()), log_)
                .value();
  control("application", R"({"roles": ["Mail.ReadWrite"]})");
  const json::value users = json::parse(microsoft_->control("GET", "/control/users").value());
  for (const json::value& user : users.at("objects").as_array()) {
    const std::string mail = text_of(user, "mail");
    if (!mail.empty() && text_of(user, "userType") == "Member") {
      people.push_back(mail);
      ids_[mail] = text_of(user, "id");
    }
  }
}

std::string PulledTenant::control(const std::string& call, const std::string& body) {
  auto done = microsoft_->control("POST", "/control/" + call, body);
  if (!done.has_value()) {
    throw std::invalid_argument{call + body + done.error().message};
  }
  return *std::move(done);
}

void PulledTenant::deliver(const std::vector<std::string>& addresses, const std::string& more) {
  std::string list;
  for (const std::string& address : addresses) {
    list += (list.empty() ? "\"" : ",\"") + address + '"';
  }
  const std::string sender = more.find("\"sender\"") == std::string::npos
                                 ? std::string{R"(,"sender":")"} + kSender + '"'
                                 : "";
  control("mail/deliver",
          std::string{R"({"message_id":")"} + kMessageId + R"(","recipients":[)" + list + "]" +
              sender + more + "}");
}

void PulledTenant::put(const directory::PullRecord& record,
                       const std::vector<directory::Mailbox>& mailboxes) {
  directory::StateBatch batch;
  directory::put_pull(batch, record);
  for (const directory::Mailbox& mailbox : mailboxes) {
    directory::put_mailbox(batch, record.number, mailbox);
  }
  ASSERT_TRUE(database_->commit(std::move(batch)).has_value());
}

void PulledTenant::begin(const std::vector<std::string>& addresses) {
  directory::PullRecord record;
  record.number = 1;
  record.target.message_id = kMessageId;
  record.mailboxes = addresses.size();
  std::vector<directory::Mailbox> mailboxes;
  mailboxes.reserve(addresses.size());
  for (const std::string& address : addresses) {
    mailboxes.push_back({.user_id = ids_.at(address), .address = address});
  }
  put(record, mailboxes);
}

void PulledTenant::begin_restore() {
  directory::PullRecord restored = record();
  restored.state = directory::PullState::kRestoring;
  put(restored, {});
}

policy::Result<void> PulledTenant::run() {
  reports_ = 0;
  const directory::MessagePull::Parts parts{
      .queries = &tenant_->messages(),
      .database = database_.get(),
      .now = [] { return std::int64_t{1'795'000'000}; },
      .is_cancelled = [this] { return cancelled_after != 0 && reports_ >= cancelled_after; },
      .progress = [this](std::uint64_t, std::uint64_t, const std::string&) { ++reports_; }};
  directory::MessagePull pull{parts, record()};
  return run_task(io_, pull.run());
}

directory::PullRecord PulledTenant::record() const {
  return directory::read_pull(*database_, 1, directory::PullKind::kPull).value();
}

std::map<std::string, std::uint64_t> PulledTenant::counts() const {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [state, count] : record().counts) {
    if (count > 0) {
      counts[std::string{directory::word_of(state)}] = count;
    }
  }
  return counts;
}

std::vector<std::string> PulledTenant::reasons() const {
  std::vector<std::string> reasons;
  const auto read = directory::for_each_copy(
      *database_, 1, "", [&](const std::string&, const directory::CopyRecord& copy) {
        if (!copy.why.empty()) {
          reasons.push_back(copy.why);
        }
        return true;
      });
  EXPECT_TRUE(read.has_value());
  return reasons;
}

std::map<std::string, std::size_t> PulledTenant::folders() const {
  std::map<std::string, std::size_t> folders;
  const json::value mail = json::parse(microsoft_->control("GET", "/control/mail").value());
  for (const json::value& message : mail.at("messages").as_array()) {
    ++folders[text_of(message, "folder")];
  }
  return folders;
}

}  // namespace tests
