// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_protocol.h"

#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

namespace tests {
namespace {

constexpr std::size_t kNumberSize = 4;
constexpr std::uint32_t kLargestPacket = 16U << 20U;

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  for (std::size_t end = 0; !list.empty(); list.remove_prefix(end)) {
    list.remove_prefix(std::min(list.find_first_not_of(" ,"), list.size()));
    end = std::min(list.find_first_of(" ,"), list.size());
    if (end > 0) {
      words.emplace_back(list.substr(0, end));
    }
  }
  return words;
}

}  // namespace

void append_number(std::string& out, std::uint32_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>((number >> shift) & 0xFFU);
  }
}

void append_text(std::string& out, std::string_view text) {
  out += text;
  out += '\0';
}

void append_packet(std::string& out, char code, std::string_view data) {
  append_number(out, static_cast<std::uint32_t>(data.size() + 1));
  out += code;
  out += data;
}

std::uint32_t read_number(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (const char octet : bytes.substr(at, kNumberSize)) {
    number = (number << 8U) | static_cast<unsigned char>(octet);
  }
  return number;
}

policy::Result<std::vector<std::string>> split_texts(std::string_view data) {
  std::vector<std::string> texts;
  while (!data.empty()) {
    const std::size_t end = data.find('\0');
    if (end == std::string_view::npos) {
      return policy::fail(policy::ErrorCode::kInvalidInput, "a text in a packet is not ended");
    }
    texts.emplace_back(data.substr(0, end));
    data.remove_prefix(end + 1);
  }
  return texts;
}

std::string encode(const Negotiation& negotiation) {
  std::string data;
  append_number(data, negotiation.version);
  append_number(data, negotiation.actions);
  append_number(data, negotiation.steps);
  for (const auto& [stage, names] : negotiation.macros) {
    append_number(data, static_cast<std::uint32_t>(stage));
    std::string list;
    for (const std::string& name : names) {
      list += list.empty() ? "" : " ";
      list += name;
    }
    append_text(data, list);
  }
  return data;
}

policy::Result<Negotiation> parse_negotiation(std::string_view data) {
  if (data.size() < 3 * kNumberSize) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        fmt::format("a negotiation of {} octets is too short", data.size()));
  }
  Negotiation answer{.version = read_number(data, 0),
                     .actions = read_number(data, kNumberSize),
                     .steps = read_number(data, 2 * kNumberSize),
                     .macros = {}};
  data.remove_prefix(3 * kNumberSize);
  while (!data.empty()) {
    const std::size_t end = data.find('\0', kNumberSize);
    if (end == std::string_view::npos) {
      return policy::fail(policy::ErrorCode::kInvalidInput, "a list of macros is not ended");
    }
    answer.macros.insert_or_assign(MacroStage{read_number(data, 0)},
                                   words_of(data.substr(kNumberSize, end - kNumberSize)));
    data.remove_prefix(end + 1);
  }
  return answer;
}

void PacketReader::feed(std::string_view bytes) {
  if (read_ == buffer_.size()) {
    buffer_.clear();
    read_ = 0;
  }
  buffer_ += bytes;
}

policy::Result<std::optional<Packet>> PacketReader::next() {
  const std::string_view rest = std::string_view{buffer_}.substr(read_);
  if (rest.size() < kNumberSize) {
    return std::nullopt;
  }
  const std::uint32_t length = read_number(rest, 0);
  if (length == 0 || length > kLargestPacket) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        fmt::format("a packet says it has {} octets", length));
  }
  if (rest.size() < kNumberSize + length) {
    return std::nullopt;
  }
  Packet packet{.code = rest[kNumberSize],
                .data = std::string{rest.substr(kNumberSize + 1, length - 1)}};
  read_ += kNumberSize + length;
  return packet;
}

}  // namespace tests
