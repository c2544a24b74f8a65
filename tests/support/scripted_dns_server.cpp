// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_dns_server.h"

#include "tests/support/stream_socket.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>

namespace tests {
namespace {

constexpr std::size_t kHeaderOctets = 12;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kSoa = 6;
constexpr unsigned kTruncated = 0x0200;

std::string number16(unsigned value) {
  return {static_cast<char>(value >> 8U & 0xFFU), static_cast<char>(value & 0xFFU)};
}

std::string number32(std::uint32_t value) {
  return number16(value >> 16U) + number16(value & 0xFFFFU);
}

std::string record(const std::string& owner,
                   std::uint16_t type,
                   std::uint32_t lifetime,
                   const std::string& data) {
  return owner + number16(type) + number16(1) + number32(lifetime) +
         number16(static_cast<unsigned>(data.size())) + data;
}

// The name that a question asks for, in text and lower case, and where its type begins.
std::pair<std::string, std::size_t> read_name(std::string_view message) {
  std::string name;
  std::size_t place = kHeaderOctets;
  while (place < message.size() && message[place] != '\0') {
    const auto size = static_cast<unsigned char>(message[place]);
    name += name.empty() ? "" : ".";
    for (const char c : message.substr(place + 1, size)) {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    place += 1U + size;
  }
  return {name, place + 1};
}

template <typename Address>
const sockaddr* generic(const Address& address) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how sockets take addresses
  return reinterpret_cast<const sockaddr*>(&address);
}

template <typename Address>
sockaddr* generic(Address& address) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how sockets take addresses
  return reinterpret_cast<sockaddr*>(&address);
}

}  // namespace

std::string text_data(std::string_view text) {
  std::string data;
  do {
    const std::string_view part = text.substr(0, 255);
    data += static_cast<char>(part.size());
    data += part;
    text.remove_prefix(part.size());
  } while (!text.empty());
  return data;
}

std::string name_data(std::string_view name) {
  std::string data;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    data += static_cast<char>(label.size());
    data += label;
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  return data + '\0';
}

ScriptedDnsServer::ScriptedDnsServer()
    : udp_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      tcp_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool is_bound = ::bind(tcp_.get(), generic(std::as_const(address)), size) == 0 &&
                        ::listen(tcp_.get(), 16) == 0 &&
                        ::getsockname(tcp_.get(), generic(address), &size) == 0 &&
                        ::bind(udp_.get(), generic(std::as_const(address)), size) == 0;
  if (!is_bound) {
    throw std::runtime_error{"no port for a name server"};
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

ScriptedDnsServer::~ScriptedDnsServer() {
  stopping_ = true;
  thread_.join();
}

void ScriptedDnsServer::script(const std::string& name, std::uint16_t type, DnsScript script) {
  scripts_.with([&](auto& scripts) { scripts[{name, type}] = std::move(script); });
}

std::string ScriptedDnsServer::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

void ScriptedDnsServer::serve() {
  constexpr int kLookAfterStop = 20;
  while (!stopping_) {
    std::array<pollfd, 2> waiting{pollfd{.fd = udp_.get(), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = tcp_.get(), .events = POLLIN, .revents = 0}};
    if (::poll(waiting.data(), waiting.size(), kLookAfterStop) <= 0) {
      continue;
    }
    if (waiting[0].revents != 0) {
      serve_datagram();
    }
    if (waiting[1].revents != 0) {
      serve_connection();
    }
  }
}

void ScriptedDnsServer::serve_datagram() {
  std::array<char, 4096> buffer{};
  sockaddr_in client{};
  socklen_t size = sizeof client;
  const ssize_t got =
      ::recvfrom(udp_.get(), buffer.data(), buffer.size(), 0, generic(client), &size);
  if (got <= 0) {
    return;
  }
  client_ports_.with([&](auto& ports) { ports.insert(ntohs(client.sin_port)); });
  const std::string reply = reply_to({buffer.data(), static_cast<std::size_t>(got)}, false);
  if (!reply.empty()) {
    ::sendto(udp_.get(), reply.data(), reply.size(), 0, generic(std::as_const(client)), size);
  }
}

// One question a connection.
void ScriptedDnsServer::serve_connection() {
  const Descriptor connection{::accept4(tcp_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  std::array<char, 4096> buffer{};
  const ssize_t got = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
  if (got <= 2) {
    return;
  }
  const std::string reply = reply_to({buffer.data() + 2, static_cast<std::size_t>(got) - 2}, true);
  const std::string framed = number16(static_cast<unsigned>(reply.size())) + reply;
  ::send(connection.get(), framed.data(), framed.size(), MSG_NOSIGNAL);
}

std::string ScriptedDnsServer::reply_to(std::string_view question, bool over_tcp) {
  using enum DnsScript::Behaviour;
  ++questions_;
  const auto read = read_name(question);
  const std::string& name = read.first;
  const std::size_t type_place = read.second;
  if (type_place + 4 > question.size()) {
    return {};
  }
  const auto type =
      static_cast<std::uint16_t>(static_cast<unsigned char>(question[type_place]) << 8 |
                                 static_cast<unsigned char>(question[type_place + 1]));
  const DnsScript script = scripts_.with([&](const auto& scripts) {
    const auto found = scripts.find({name, type});
    return found != scripts.end() ? found->second : DnsScript{.code = 3};
  });
  if (script.behaviour == kSilence) {
    return {};
  }
  if (script.behaviour == kNonsense) {
    return std::string{question.substr(0, 2)} + std::string(3, '\xFF');
  }
  const bool is_truncated = script.behaviour == kTruncation && !over_tcp;
  std::string answers;
  unsigned count = 0;
  std::string owner{question.substr(kHeaderOctets, type_place - kHeaderOctets)};
  std::string asked = owner;
  if (script.behaviour == kOtherName) {
    asked = owner = name_data("another.example");
  }
  if (!script.alias.empty() && !is_truncated) {
    answers += record(owner, kCname, script.lifetime, name_data(script.alias));
    owner = name_data(script.alias);
    ++count;
  }
  for (const std::string& data : script.records) {
    if (!is_truncated) {
      answers += record(owner, type, script.lifetime, data);
      ++count;
    }
  }
  std::string authority;
  if (script.absence_lifetime > 0) {
    authority =
        record(name_data("example"),
               kSoa,
               script.absence_lifetime,
               std::string(2, '\0') + std::string(16, '\0') + number32(script.absence_lifetime));
  }
  const unsigned flags = 0x8180U | script.code | (is_truncated ? kTruncated : 0U);
  return std::string{question.substr(0, 2)} + number16(flags) + number16(1) + number16(count) +
         number16(authority.empty() ? 0 : 1) + number16(0) + asked +
         std::string{question.substr(type_place, 4)} + answers + authority;
}

}  // namespace tests
