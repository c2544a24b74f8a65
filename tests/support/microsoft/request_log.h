// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace tests::microsoft {

struct LoggedRequest {
  std::string service;  ///< `login`, `graph` or `exchange`
  std::string method;
  std::string target;
  unsigned status = 0;
  std::string cmdlet;          ///< of Exchange; empty for none
  bool is_authorized = false;  ///< it bore an Authorization field
};

/// What was asked, for the tests that count.
class RequestLog {
 public:
  /// Notes a request, how it was answered and the cmdlet that it was for, if any.
  void add(const Request& request, unsigned status, const std::string& cmdlet);

  /// Notes a part of a `$batch`.
  void add_batched(const std::string& endpoint) { ++counts_["batched " + endpoint]; }

  /// Notes a request for a scan that did not say that it has time.
  void add_not_low_priority() { ++counts_["not_low_priority"]; }

  /// Notes a request for mail whose answer has ids that change when a message is moved.
  void add_plain_ids() { ++counts_["plain_ids"]; }

  void clear();

  /// Requests by service, method and path with ids left out: `graph GET /v1.0/users/{}`;
  /// those of a cmdlet with its name: `exchange POST /adminapi/beta/{}/InvokeCommand Get-X`.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

  [[nodiscard]] const std::map<unsigned, std::uint64_t>& statuses() const { return statuses_; }

  /// The last 100 requests, the oldest first.
  [[nodiscard]] const std::deque<LoggedRequest>& last() const { return last_; }

 private:
  std::map<std::string, std::uint64_t> counts_;
  std::map<unsigned, std::uint64_t> statuses_;
  std::deque<LoggedRequest> last_;
};

/// `login`, `graph` or `exchange`.
[[nodiscard]] std::string word_of(Service service);

/// The path with ids, names and tenants replaced by `{}`.
[[nodiscard]] std::string endpoint_of(Service service, std::string_view path);

}  // namespace tests::microsoft
