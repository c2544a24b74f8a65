// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>

namespace directory {

class Connection;

/// The connections of one server, and who of them has to go when there are too many: the one that
/// has waited longest for its client, never one whose request is under way. So clients that only
/// hold connections open push each other out, not those that ask something.
class ConnectionTable {
 public:
  /// At most `connections` at a time, and apart from them `streams`.
  ConnectionTable(std::size_t connections, std::size_t streams)
      : most_connections_(connections), most_streams_(streams) {}

  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;
  ConnectionTable(ConnectionTable&&) = delete;
  ConnectionTable& operator=(ConnectionTable&&) = delete;
  ~ConnectionTable();

  /// Closes those that wait, the longest waiting first, until there is room for one more; false if
  /// nobody waits and there is none.
  bool make_room();

  /// Closes the one that has waited longest; false if none waits.
  bool close_longest_waiting();

  void insert(std::shared_ptr<Connection> connection);

  /// Without effect for one that is not, or no longer, among them; so are the next three.
  void erase(const Connection& connection);

  /// The connection waits for its client from now on.
  void begin_wait(const Connection& connection);

  /// The connection has something to do; false if it has been closed meanwhile.
  [[nodiscard]] bool end_wait(const Connection& connection);

  /// The connection sends a stream from now on, until it is erased; false if there are too many.
  [[nodiscard]] bool begin_stream(const Connection& connection);

  void close_all();

 private:
  using Queue = std::list<const Connection*>;

  struct Entry {
    std::shared_ptr<Connection> connection;
    std::optional<Queue::iterator> place;  // in the queue, while it waits
    bool is_stream = false;
  };

  std::size_t most_connections_;
  std::size_t most_streams_;
  std::size_t streams_ = 0;
  std::map<const Connection*, Entry> entries_;
  Queue waiting_;  // since longest first
};

}  // namespace directory
