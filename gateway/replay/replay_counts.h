// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/replay/stored_message.h"
#include "gateway/session/verdict.h"
#include "policy/verdict/finding.h"

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

/// A stored message and what the policies say about it.
struct ReplayedMessage {
  std::filesystem::path path;
  std::uint64_t number = 0;  ///< in its mailbox, from 1; 0: the file is the message
  bool has_cut_header = false;
  StoredMessage message;
  Verdict in_force;
  std::optional<Verdict> candidate;  ///< absent if there is no candidate
};

/// What is to be done with a message; nothing if there is no finding.
using Outcome = std::optional<policy::ActionKind>;

[[nodiscard]] Outcome outcome_of(const Verdict& verdict);

/// The action's word; `no finding` for none.
[[nodiscard]] std::string_view word(Outcome outcome);

/// Whether the two policies would do different things with this message.
[[nodiscard]] bool is_different(const ReplayedMessage& message);

/// A number of messages by name.
using CountByName = std::map<std::string, std::uint64_t, std::less<>>;

/// A number of messages by what is done with them.
using CountByAction = std::map<policy::ActionKind, std::uint64_t>;

/// What one policy said about all messages.
struct PolicyCounts {
  std::uint64_t no_finding = 0;
  std::uint64_t finding = 0;
  std::uint64_t not_judged = 0;
  /// Messages with a finding that the rule decided about; "" is the default.
  CountByName rules;
  CountByName exceptions;  ///< messages of which the exception took a finding away
  CountByName lists;       ///< messages that a rule or an exception was for by the list

  void add(const Verdict& verdict);
};

/// Who a finding is about. People of one organization who share a name are counted together, as
/// findings tell no more of them.
struct CountedPerson {
  std::string name;  ///< display name in the directory
  std::string organization;

  auto operator<=>(const CountedPerson&) const = default;
};

/// Messages that show one person's name or address, by the strictest action about that person.
struct PersonCounts {
  CountByAction in_force;
  CountByAction candidate;
};

/// A message that shows what a difference means. All texts are safe to show.
struct DifferenceExample {
  std::string place;  ///< path, and the number in a mailbox
  std::string message_id;
  std::string from;
  std::string reason;
};

/// Messages with which the two policies do the same two different things.
struct Difference {
  std::uint64_t messages = 0;
  std::vector<DifferenceExample> examples;  ///< the first ones
};

/// Counts what the policies say. Its size grows with the rules and with the people who are found,
/// not with the messages. For one thread.
struct ReplayCounts {
  std::uint64_t messages = 0;
  std::uint64_t cut_headers = 0;  ///< longer than `limits.header_bytes`; judged by their beginning
  std::uint64_t not_read = 0;     ///< files and folders that could not be read, or hold no mail
  std::uint64_t passed_over = 0;  ///< files in folders that are no mail by name and beginning
  PolicyCounts in_force;
  PolicyCounts candidate;
  std::map<CountedPerson, PersonCounts> people;
  std::map<std::pair<Outcome, Outcome>, Difference> differences;  ///< in force, candidate

  void add(const ReplayedMessage& message);
};

}  // namespace gateway
