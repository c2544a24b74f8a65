// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/messages/message_pull.h"
#include "directory/messages/pull_record.h"
#include "directory/messages/recipients.h"
#include "directory/store/state_database.h"
#include "directory/sync/tenant.h"
#include "policy/event.h"
#include "policy/result.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tests {

/// A simulated tenant with mail and a state database of its own, and pulls of one message.
class PulledTenant {
 public:
  static constexpr const char* kMessageId = "<1@freemail.example>";
  static constexpr const char* kSender = "ada@freemail.example";

  explicit PulledTenant(std::size_t people = 30);

  /// A call of the simulator's control API with this body.
  std::string control(const std::string& call, const std::string& body);

  /// Puts the message into these mailboxes; `more` are further fields, each with a comma before it.
  void deliver(const std::vector<std::string>& addresses, const std::string& more = "");

  /// Begins a pull in these mailboxes, whose owners must exist.
  void begin(const std::vector<std::string>& addresses);

  /// Begins to restore what was pulled.
  void begin_restore();

  /// Goes on until it has ended or is stopped.
  policy::Result<void> run();

  [[nodiscard]] directory::PullRecord record() const;

  /// How many copies there are in each state: `moved` is 2.
  [[nodiscard]] std::map<std::string, std::uint64_t> counts() const;

  /// Why copies are as they are, of those that say.
  [[nodiscard]] std::vector<std::string> reasons() const;

  /// How many copies of the message lie in each folder.
  [[nodiscard]] std::map<std::string, std::size_t> folders() const;

  /// Addresses of people with a mailbox.
  std::vector<std::string> people;

  /// It is cancelled after so many reports of its progress; 0: never.
  int cancelled_after = 0;

 private:
  void put(const directory::PullRecord& record, const std::vector<directory::Mailbox>& mailboxes);

  TemporaryFolder folder_;
  std::unique_ptr<MicrosoftSimulator> microsoft_;
  boost::asio::io_context io_{1};
  policy::EventLog log_;
  std::unique_ptr<directory::StateDatabase> database_;
  std::unique_ptr<directory::Tenant> tenant_;
  std::map<std::string, std::string> ids_;  // of users, by address
  int reports_ = 0;
};

}  // namespace tests
