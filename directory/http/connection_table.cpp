// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/connection_table.h"

#include "directory/http/connection.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace directory {

ConnectionTable::~ConnectionTable() = default;

bool ConnectionTable::make_room() {
  bool has_room = entries_.size() - streams_ < most_connections_;
  while (!has_room && close_longest_waiting()) {
    has_room = entries_.size() - streams_ < most_connections_;
  }
  return has_room;
}

bool ConnectionTable::close_longest_waiting() {
  if (waiting_.empty()) {
    return false;
  }
  const auto found = entries_.find(waiting_.front());
  const std::shared_ptr<Connection> connection = found->second.connection;
  erase(*connection);
  connection->close();
  return true;
}

void ConnectionTable::insert(std::shared_ptr<Connection> connection) {
  const Connection* const key = connection.get();
  entries_.emplace(
      key, Entry{.connection = std::move(connection), .place = std::nullopt, .is_stream = false});
}

void ConnectionTable::erase(const Connection& connection) {
  const auto found = entries_.find(&connection);
  if (found == entries_.end()) {
    return;
  }
  static_cast<void>(end_wait(connection));
  streams_ -= found->second.is_stream ? 1U : 0U;
  entries_.erase(found);
}

void ConnectionTable::begin_wait(const Connection& connection) {
  const auto found = entries_.find(&connection);
  if (found == entries_.end()) {
    return;
  }
  static_cast<void>(end_wait(connection));
  found->second.place = waiting_.insert(waiting_.end(), &connection);
}

bool ConnectionTable::end_wait(const Connection& connection) {
  const auto found = entries_.find(&connection);
  if (found == entries_.end()) {
    return false;
  }
  std::optional<Queue::iterator>& place = found->second.place;
  if (place.has_value()) {
    waiting_.erase(*place);
    place.reset();
  }
  return true;
}

bool ConnectionTable::begin_stream(const Connection& connection) {
  const auto found = entries_.find(&connection);
  if (found == entries_.end() || streams_ >= most_streams_) {
    return false;
  }
  found->second.is_stream = true;
  ++streams_;
  return true;
}

void ConnectionTable::close_all() {
  // Closing ends streams, whose end may run anything.
  const auto entries = std::exchange(entries_, {});
  waiting_.clear();
  streams_ = 0;
  for (const auto& [key, entry] : entries) {
    entry.connection->close();
  }
}

}  // namespace directory
