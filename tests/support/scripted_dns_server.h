// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/guarded.h"
#include "tests/support/stream_socket.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace tests {

/// What a scripted server does with a question.
struct DnsScript {
  enum class Behaviour {
    kAnswer,
    kSilence,     ///< no answer, ever
    kTruncation,  ///< the answer comes over TCP alone
    kNonsense,    ///< octets that are no message
    kOtherName,   ///< an answer to another question
  };

  Behaviour behaviour = Behaviour::kAnswer;
  unsigned code = 0;                      ///< RCODE: 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED
  std::vector<std::string> records = {};  ///< data of the answer's records, as on the wire
  std::uint32_t lifetime = 300;           ///< TTL of all
  std::string alias = {};                 ///< CNAME that comes first, if not empty
  std::uint32_t absence_lifetime = 0;     ///< SOA minimum, where there is no record; 0: no SOA
};

/// A TXT record's data, in strings of at most 255 octets.
[[nodiscard]] std::string text_data(std::string_view text);

/// A domain name as on the wire, without compression.
[[nodiscard]] std::string name_data(std::string_view name);

/// A name server on a port of its own of 127.0.0.1, UDP and TCP, on a thread. What is in no script
/// does not exist.
class ScriptedDnsServer {
 public:
  /// Throws std::runtime_error where no port is free.
  ScriptedDnsServer();
  ScriptedDnsServer(const ScriptedDnsServer&) = delete;
  ScriptedDnsServer& operator=(const ScriptedDnsServer&) = delete;
  ScriptedDnsServer(ScriptedDnsServer&&) = delete;
  ScriptedDnsServer& operator=(ScriptedDnsServer&&) = delete;
  ~ScriptedDnsServer();

  /// Name in lower case; `type` is its number in DNS.
  void script(const std::string& name, std::uint16_t type, DnsScript script);

  /// `127.0.0.1:PORT`.
  [[nodiscard]] std::string address() const;

  /// Questions received, over UDP and TCP.
  [[nodiscard]] unsigned questions() const { return questions_; }

  /// The ports that questions over UDP came from.
  [[nodiscard]] std::set<std::uint16_t> client_ports() const { return client_ports_.get(); }

 private:
  void serve();
  void serve_datagram();
  void serve_connection();
  [[nodiscard]] std::string reply_to(std::string_view question, bool over_tcp);

  std::uint16_t port_ = 0;
  Descriptor udp_;
  Descriptor tcp_;
  std::atomic<bool> stopping_ = false;
  std::atomic<unsigned> questions_ = 0;
  policy::Guarded<std::set<std::uint16_t>> client_ports_;
  policy::Guarded<std::map<std::pair<std::string, std::uint16_t>, DnsScript>> scripts_;
  std::thread thread_;
};

}  // namespace tests
