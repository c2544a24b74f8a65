// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/dns_message.h"

#include "directory/dns/mail_dns.h"
#include "policy/ip_address.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kMostRecords = 256;
constexpr std::size_t kMostAliases = 12;
constexpr int kMostPointers = 64;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kInternet = 1;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_name_octet(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Reads a message from a place on. What lies beyond its end, and what is no name, fails for good.
class MessageReader {
 public:
  explicit MessageReader(std::string_view message, std::size_t place = 0)
      : message_(message), place_(place) {}

  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] std::size_t place() const { return place_; }

  std::uint8_t octet() {
    const std::string_view one = octets(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
  }

  std::uint16_t number16() {
    const std::uint16_t high = octet();
    return static_cast<std::uint16_t>(high << 8U | octet());
  }

  std::uint32_t number32() {
    const std::uint32_t high = number16();
    return high << 16U | number16();
  }

  std::string_view octets(std::size_t size) {
    if (failed_ || place_ > message_.size() || size > message_.size() - place_) {
      failed_ = true;
      return {};
    }
    const std::string_view read = message_.substr(place_, size);
    place_ += size;
    return read;
  }

  // Any octets in lower case; a label with a dot in it comes back as what is no name.
  std::string name() {
    constexpr std::uint8_t kPointer = 0xC0;
    std::string text;
    std::size_t end = 0;
    int pointers = 0;
    std::uint8_t size = octet();
    while (!failed_ && size != 0) {
      if (size >= kPointer) {
        const std::size_t target = (size & 0x3FU) << 8U | octet();
        end = pointers == 0 ? place_ : end;
        failed_ = failed_ || ++pointers > kMostPointers;
        place_ = target;
      } else {
        add_label(text, size);
      }
      size = octet();
    }
    place_ = pointers == 0 ? place_ : end;
    return text;
  }

 private:
  void add_label(std::string& text, std::uint8_t size) {
    text += text.empty() ? "" : ".";
    for (const char c : octets(size)) {
      text += c == '.' ? '\0' : lower(c);
    }
    failed_ = failed_ || size > kLongestLabel || text.size() > kLongestName;
  }

  std::string_view message_;
  std::size_t place_;
  bool failed_ = false;
};

struct Record {
  std::string owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::size_t begin = 0;
  std::string_view data;
};

std::vector<Record> read_records(MessageReader& reader, std::size_t count) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    Record record;
    record.owner = reader.name();
    record.type = reader.number16();
    const bool is_internet = reader.number16() == kInternet;
    record.ttl = reader.number32();
    const std::uint16_t size = reader.number16();
    record.begin = reader.place();
    record.data = reader.octets(size);
    if (is_internet) {
      records.push_back(std::move(record));
    }
  }
  return records;
}

// The strings of a TXT record; false if they are cut short.
bool join_strings(std::string_view data, std::string& text) {
  while (!data.empty()) {
    const auto size = static_cast<std::uint8_t>(data.front());
    if (size > data.size() - 1) {
      return false;
    }
    text += data.substr(1, size);
    data.remove_prefix(1U + size);
  }
  return true;
}

template <std::size_t size>
std::array<std::uint8_t, size> octets_of(std::string_view data) {
  std::array<std::uint8_t, size> octets{};
  std::ranges::transform(data, octets.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return octets;
}

// Adds what the record holds; false if that makes no sense.
bool add_record(std::string_view message, const Record& record, DnsType type, DnsAnswer& answer) {
  MessageReader reader{message, record.begin};
  switch (type) {
    case DnsType::kA:
      answer.addresses.push_back(policy::mapped_ipv4(octets_of<4>(record.data.substr(0, 4))));
      return record.data.size() == 4;
    case DnsType::kAaaa:
      answer.addresses.push_back(octets_of<16>(record.data.substr(0, 16)));
      return record.data.size() == 16;
    case DnsType::kTxt: return join_strings(record.data, answer.texts.emplace_back());
    case DnsType::kMx:
    case DnsType::kPtr: break;
  }
  MxHost host;
  host.preference = type == DnsType::kMx ? reader.number16() : std::uint16_t{0};
  host.host = reader.name();
  const bool makes_sense = !reader.failed() && (host.host.empty() || is_dns_name(host.host));
  answer.hosts.push_back(std::move(host));
  return makes_sense;
}

// The name that the records of the answer stand under. Aliases may stand in any order.
std::string follow_aliases(std::string_view message,
                           const std::vector<Record>& records,
                           std::string name,
                           std::uint32_t& ttl) {
  for (std::size_t step = 0; step < kMostAliases; ++step) {
    const auto alias = std::ranges::find_if(records, [&](const Record& record) {
      return record.type == kCname && record.owner == name;
    });
    if (alias == records.end()) {
      break;
    }
    ttl = std::min(ttl, alias->ttl);
    MessageReader reader{message, alias->begin};
    name = reader.name();
  }
  return name;
}

DnsAnswer read_answer(std::string_view message,
                      const DnsQuestion& question,
                      const std::vector<Record>& records) {
  DnsAnswer answer;
  answer.ttl = std::numeric_limits<std::uint32_t>::max();
  const std::string owner = follow_aliases(message, records, question.name, answer.ttl);
  bool is_found = false;
  for (const Record& record : records) {
    if (record.owner != owner || record.type != std::to_underlying(question.type)) {
      continue;
    }
    if (!add_record(message, record, question.type, answer)) {
      return {};
    }
    answer.ttl = std::min(answer.ttl, record.ttl);
    is_found = true;
  }
  std::ranges::sort(
      answer.hosts, {}, [](const MxHost& each) { return std::tie(each.preference, each.host); });
  answer.status = is_found ? DnsStatus::kFound : DnsStatus::kAbsent;
  answer.ttl = is_found ? answer.ttl : 0;
  return answer;
}

// Whether the flags are those of a whole answer that says yes or that there is no such name.
bool is_answer(std::uint16_t flags) {
  constexpr unsigned kResponse = 0x8000;
  constexpr unsigned kTruncated = 0x0200;
  constexpr unsigned kCode = 0x000F;
  constexpr unsigned kNameError = 3;
  return (flags & kResponse) != 0 && (flags & kTruncated) == 0 &&
         ((flags & kCode) == 0 || (flags & kCode) == kNameError);
}

}  // namespace

bool is_dns_name(std::string_view name) {
  std::size_t label = 0;
  for (const char c : name) {
    if ((c == '.' && label == 0) || (c != '.' && !is_name_octet(c))) {
      return false;
    }
    label = c == '.' ? 0 : label + 1;
    if (label > kLongestLabel) {
      return false;
    }
  }
  return label > 0 && name.size() <= kLongestName;
}

std::string lower_dns_name(std::string_view name) {
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  std::string text{name};
  std::ranges::transform(text, text.begin(), lower);
  return text;
}

DnsAnswer read_dns_message(std::string_view message, const DnsQuestion& question) {
  MessageReader reader{message};
  reader.octets(2);  // the id, which the resolver has compared
  const std::uint16_t flags = reader.number16();
  const std::uint16_t questions = reader.number16();
  const std::uint16_t answers = reader.number16();
  reader.octets(4);
  const bool is_ours = questions == 1 && reader.name() == question.name &&
                       reader.number16() == std::to_underlying(question.type) &&
                       reader.number16() == kInternet;
  if (reader.failed() || !is_ours || !is_answer(flags) || answers > kMostRecords) {
    return {};
  }
  const std::vector<Record> records = read_records(reader, answers);
  return reader.failed() ? DnsAnswer{} : read_answer(message, question, records);
}

}  // namespace directory
