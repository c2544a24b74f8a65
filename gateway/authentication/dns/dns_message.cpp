// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/dns_message.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/message/octets.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dns_name.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::size_t kMostRecords = 256;
constexpr std::size_t kMostAliases = 12;
constexpr int kMostPointers = 64;
// Of one TXT record. No policy and no key is as long, so it cannot be told what it hides.
constexpr std::size_t kMostTextOctets = std::size_t{16} * 1024;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kSoa = 6;
constexpr std::uint16_t kInternet = 1;

// Reads a message from a place on; what lies beyond its end fails for good.
class WireReader {
 public:
  explicit WireReader(std::string_view message, std::size_t place = 0)
      : message_(message), place_(place) {}

  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] std::size_t place() const { return place_; }

  std::uint8_t octet() {
    if (place_ >= message_.size()) {
      failed_ = true;
      return 0;
    }
    return static_cast<std::uint8_t>(message_[place_++]);
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
    if (size > message_.size() - std::min(place_, message_.size())) {
      failed_ = true;
      return {};
    }
    const std::string_view read = message_.substr(place_, size);
    place_ += size;
    return read;
  }

  // A name in lower case, empty for the root. One whose labels hold a dot or NUL comes back as
  // something that is no name.
  std::string name() {
    std::string text;
    std::size_t after_first_pointer = 0;
    for (int pointers = 0; !failed_;) {
      const std::uint8_t size = octet();
      if (size == 0) {
        break;
      }
      if (size >= 0xC0) {
        const std::size_t target = (size & 0x3FU) << 8U | octet();
        after_first_pointer = pointers == 0 ? place_ : after_first_pointer;
        failed_ = failed_ || ++pointers > kMostPointers;
        place_ = target;
        continue;
      }
      add_label(text, size);
    }
    if (after_first_pointer != 0) {
      place_ = after_first_pointer;
    }
    return text;
  }

 private:
  void add_label(std::string& text, std::uint8_t size) {
    if (size > policy::kLongestDnsLabel || text.size() + size > policy::kLongestDnsName) {
      failed_ = true;
      return;
    }
    text += text.empty() ? "" : ".";
    for (const char c : octets(size)) {
      text += c == '.' ? '\0' : ascii_lower(c);
    }
  }

  std::string_view message_;
  std::size_t place_;
  bool failed_ = false;
};

struct Record {
  std::string owner;
  std::uint16_t type = 0;
  std::uint16_t record_class = 0;
  std::uint32_t lifetime = 0;
  std::size_t begin = 0;
  std::string_view data;
};

Record read_record(WireReader& reader) {
  Record record;
  record.owner = reader.name();
  record.type = reader.number16();
  record.record_class = reader.number16();
  record.lifetime = reader.number32();
  const std::uint16_t size = reader.number16();
  record.begin = reader.place();
  record.data = reader.octets(size);
  return record;
}

std::string joined_strings(std::string_view data, bool& failed) {
  std::string text;
  while (!data.empty()) {
    const auto size = static_cast<std::uint8_t>(data.front());
    if (size > data.size() - 1) {
      failed = true;
      return {};
    }
    text += data.substr(1, size);
    data.remove_prefix(1U + size);
  }
  return text;
}

template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> octets_of(std::string_view data) {
  if (data.size() != size) {
    return std::nullopt;
  }
  std::array<std::uint8_t, size> octets{};
  std::ranges::transform(data, octets.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return octets;
}

// The records of an answer, gathered while they are read.
class AnswerReading {
 public:
  AnswerReading(std::string_view message, const DnsQuestion& question)
      : message_(message), question_(question), wanted_(question.name) {}

  void add_alias(const Record& record) {
    if (record.owner == wanted_ && aliases_ < kMostAliases) {
      WireReader reader{message_, record.begin};
      wanted_ = reader.name();
      failed_ = failed_ || reader.failed();
      note_lifetime(record.lifetime);
      ++aliases_;
    }
  }

  void add(const Record& record) {
    if (record.owner != wanted_ || record.type != std::to_underlying(question_.type)) {
      return;
    }
    note_lifetime(record.lifetime);
    switch (question_.type) {
      case DnsType::kTxt: add_text(joined_strings(record.data, failed_)); break;
      case DnsType::kA: add_address(octets_of<4>(record.data)); break;
      case DnsType::kAaaa: add_address(octets_of<16>(record.data)); break;
      case DnsType::kMx:
      case DnsType::kPtr: add_name(record); break;
    }
    ++records_;
  }

  void add_absence(const Record& record) {
    if (record.type == kSoa && record.data.size() >= 4) {
      WireReader reader{record.data, record.data.size() - 4};
      absence_ = std::min(record.lifetime, reader.number32());
    }
  }

  DnsAnswer finish(bool name_exists) {
    if (failed_) {
      return {};
    }
    if (records_ > 0) {
      answer_.status = DnsStatus::kFound;
      answer_.lifetime = std::chrono::seconds{lifetime_};
      std::ranges::stable_sort(exchanges_, {}, &std::pair<std::uint16_t, std::string>::first);
      for (auto& [preference, name] : exchanges_) {
        answer_.names.push_back(std::move(name));
      }
    } else {
      answer_.status = name_exists ? DnsStatus::kNoData : DnsStatus::kNoName;
      answer_.lifetime = std::chrono::seconds{std::min(absence_, lifetime_)};
    }
    return std::move(answer_);
  }

 private:
  void note_lifetime(std::uint32_t lifetime) { lifetime_ = std::min(lifetime_, lifetime); }

  void add_text(std::string text) {
    failed_ = failed_ || text.size() > kMostTextOctets;
    answer_.texts.push_back(std::move(text));
  }

  void add_address(const std::optional<std::array<std::uint8_t, 4>>& octets) {
    failed_ = failed_ || !octets.has_value();
    if (octets.has_value()) {
      answer_.addresses.push_back(policy::mapped_ipv4(*octets));
    }
  }

  void add_address(const std::optional<policy::IpAddress>& octets) {
    failed_ = failed_ || !octets.has_value();
    if (octets.has_value()) {
      answer_.addresses.push_back(*octets);
    }
  }

  void add_name(const Record& record) {
    WireReader reader{message_, record.begin};
    const std::uint16_t preference = question_.type == DnsType::kMx ? reader.number16() : 0;
    exchanges_.emplace_back(preference, reader.name());
    failed_ = failed_ || reader.failed();
  }

  std::string_view message_;
  const DnsQuestion& question_;
  std::string wanted_;
  std::size_t aliases_ = 0;
  std::size_t records_ = 0;
  std::uint32_t lifetime_ = UINT32_MAX;
  std::uint32_t absence_ = 0;
  std::vector<std::pair<std::uint16_t, std::string>> exchanges_;
  DnsAnswer answer_;
  bool failed_ = false;
};

struct Header {
  std::uint16_t flags = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
  std::uint16_t authorities = 0;

  [[nodiscard]] bool is_complete_answer() const {
    constexpr unsigned kResponse = 0x8000;
    constexpr unsigned kTruncated = 0x0200;
    return (flags & kResponse) != 0 && (flags & kTruncated) == 0;
  }

  [[nodiscard]] unsigned code() const { return flags & 0xFU; }
};

constexpr unsigned kNoError = 0;
constexpr unsigned kNameError = 3;

Header read_header(WireReader& reader) {
  Header header;
  reader.octets(2);  // the id, which the resolver has compared
  header.flags = reader.number16();
  header.questions = reader.number16();
  header.answers = reader.number16();
  header.authorities = reader.number16();
  reader.octets(2);
  return header;
}

bool repeats_question(WireReader& reader, const DnsQuestion& question) {
  const bool same_name = reader.name() == question.name;
  const bool same_type = reader.number16() == std::to_underlying(question.type);
  return reader.number16() == kInternet && same_name && same_type && !reader.failed();
}

// The records of a section; those that are cut short fail the reader.
std::vector<Record> read_section(WireReader& reader, unsigned count) {
  std::vector<Record> records;
  for (unsigned i = 0; i < count && !reader.failed(); ++i) {
    records.push_back(read_record(reader));
  }
  return records;
}

// Aliases may stand in any order; each round of them follows one more step.
void follow_aliases(const std::vector<Record>& records, AnswerReading& reading) {
  std::vector<Record> aliases = records;
  std::erase_if(aliases, [](const Record& record) {
    return record.type != kCname || record.record_class != kInternet;
  });
  for (std::size_t round = 0; round < std::min(aliases.size(), kMostAliases); ++round) {
    for (const Record& alias : aliases) {
      reading.add_alias(alias);
    }
  }
}

bool is_readable(const Header& header) {
  return header.is_complete_answer() && header.questions == 1 &&
         header.answers + header.authorities <= int{kMostRecords} &&
         (header.code() == kNoError || header.code() == kNameError);
}

}  // namespace

DnsAnswer read_dns_message(std::string_view message, const DnsQuestion& question) {
  WireReader reader{message};
  const Header header = read_header(reader);
  if (reader.failed() || !is_readable(header) || !repeats_question(reader, question)) {
    return {};
  }
  const std::vector<Record> answers = read_section(reader, header.answers);
  const std::vector<Record> authorities = read_section(reader, header.authorities);
  if (reader.failed()) {
    return {};
  }
  AnswerReading reading{message, question};
  follow_aliases(answers, reading);
  for (const Record& record : answers) {
    if (record.record_class == kInternet) {
      reading.add(record);
    }
  }
  for (const Record& record : authorities) {
    reading.add_absence(record);
  }
  return reading.finish(header.code() == kNoError);
}

}  // namespace gateway
