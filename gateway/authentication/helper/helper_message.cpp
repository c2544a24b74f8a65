// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_message.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/snapshot/octets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::OctetReader;
using policy::put_text;
using policy::put_varint;

constexpr std::array kKinds{
    HelperMessageKind::kSpfTask,
    HelperMessageKind::kDnsReply,
    HelperMessageKind::kDmarcTask,
    HelperMessageKind::kDkimTask,
    HelperMessageKind::kBody,
    HelperMessageKind::kEndOfBody,
    HelperMessageKind::kReady,
    HelperMessageKind::kSpfQuestion,
    HelperMessageKind::kSpfReport,
    HelperMessageKind::kDmarcReport,
    HelperMessageKind::kDkimReport,
};

void put_address(std::string& out, const policy::IpAddress& address) {
  for (const std::uint8_t octet : address) {
    out += static_cast<char>(octet);
  }
}

void put_texts(std::string& out, const std::vector<std::string>& texts) {
  put_varint(out, static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) {
    put_text(out, text);
  }
}

std::vector<std::string> read_texts(OctetReader& reader) {
  std::vector<std::string> texts;
  for (std::uint32_t left = reader.count(); left > 0 && !reader.failed(); --left) {
    texts.emplace_back(reader.text());
  }
  return texts;
}

// An address is written as a text of sixteen octets.
policy::IpAddress read_address(OctetReader& reader) {
  policy::IpAddress address{};
  const std::string_view octets = reader.text();
  if (octets.size() != address.size()) {
    reader.fail();
    return address;
  }
  std::ranges::transform(
      octets, address.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return address;
}

void put_address_text(std::string& out, const policy::IpAddress& address) {
  put_varint(out, static_cast<std::uint32_t>(address.size()));
  put_address(out, address);
}

bool read_flag(OctetReader& reader) {
  return reader.varint(1) == 1;
}

template <typename T>
std::optional<T> finished(const OctetReader& reader, T value) {
  return !reader.failed() && reader.at_end() ? std::optional{std::move(value)} : std::nullopt;
}

std::optional<DnsType> dns_type(std::uint32_t number) {
  for (const DnsType type :
       {DnsType::kA, DnsType::kPtr, DnsType::kMx, DnsType::kTxt, DnsType::kAaaa}) {
    if (number == std::to_underlying(type)) {
      return type;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string framed(const HelperMessage& message) {
  std::string frame;
  frame.reserve(kHelperPrefixOctets + message.content.size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    frame += static_cast<char>(message.content.size() >> shift & 0xFFU);
  }
  frame += static_cast<char>(std::to_underlying(message.kind));
  return frame += message.content;
}

std::optional<HelperPrefix> parse_helper_prefix(std::string_view prefix, std::size_t longest) {
  std::size_t size = 0;
  for (unsigned i = 0; i < 4; ++i) {
    size |= std::size_t{static_cast<unsigned char>(prefix[i])} << (8 * i);
  }
  const auto kind = static_cast<HelperMessageKind>(prefix[4]);
  if (size > longest || std::ranges::find(kKinds, kind) == kKinds.end()) {
    return std::nullopt;
  }
  return HelperPrefix{.kind = kind, .content_octets = size};
}

std::string encoded(const SpfTask& task) {
  std::string out;
  put_address_text(out, task.client);
  return out;
}

std::string encoded(const SpfQuestion& question) {
  std::string out;
  put_varint(out, question.term);
  put_varint(out, std::to_underlying(question.type));
  return out;
}

std::string encoded(const DnsAnswer& answer) {
  std::string out;
  put_varint(out, static_cast<std::uint32_t>(answer.status));
  put_texts(out, answer.texts);
  put_varint(out, static_cast<std::uint32_t>(answer.addresses.size()));
  for (const policy::IpAddress& address : answer.addresses) {
    put_address_text(out, address);
  }
  put_texts(out, answer.names);
  return out;
}

std::string encoded(SpfResult result) {
  std::string out;
  put_varint(out, static_cast<std::uint32_t>(result));
  return out;
}

std::string encoded(const DmarcTask& task) {
  std::string out;
  put_text(out, task.domain);
  put_varint(out, std::to_underlying(task.policy));
  put_varint(out, task.spf_aligned ? 1 : 0);
  put_varint(out, task.dkim_aligned ? 1 : 0);
  return out;
}

std::string encoded_dmarc_report(bool passes) {
  std::string out;
  put_varint(out, passes ? 1 : 0);
  return out;
}

std::string encoded(const DkimTask& task) {
  std::string out;
  put_texts(out, task.fields);
  put_varint(out, static_cast<std::uint32_t>(task.signatures.size()));
  for (const DkimSignatureTask& signature : task.signatures) {
    put_text(out, signature.field);
    put_varint(out, std::to_underlying(signature.key_status));
    put_text(out, signature.key);
  }
  return out;
}

std::string encoded(const std::vector<DkimFacts>& report) {
  std::string out;
  put_varint(out, static_cast<std::uint32_t>(report.size()));
  for (const DkimFacts& facts : report) {
    put_text(out, facts.domain);
    put_text(out, facts.selector);
    for (const bool flag : {facts.is_verified,
                            facts.is_test_key,
                            facts.failed_for_now,
                            facts.is_sha1,
                            facts.leaves_body_unsigned}) {
      put_varint(out, flag ? 1 : 0);
    }
    put_varint(out, facts.error);
    put_varint(out, facts.key_bits);
  }
  return out;
}

std::optional<SpfTask> decode_spf_task(std::string_view content) {
  OctetReader reader{content};
  return finished(reader, SpfTask{.client = read_address(reader)});
}

std::optional<SpfQuestion> decode_spf_question(std::string_view content) {
  OctetReader reader{content};
  const std::uint32_t term = reader.varint();
  const auto type = dns_type(reader.varint());
  if (!type.has_value()) {
    return std::nullopt;
  }
  return finished(reader, SpfQuestion{.term = term, .type = *type});
}

std::optional<DnsAnswer> decode_dns_answer(std::string_view content) {
  OctetReader reader{content};
  DnsAnswer answer;
  answer.status = static_cast<DnsStatus>(
      reader.varint(static_cast<std::uint32_t>(DnsStatus::kTemporaryFailure)));
  answer.texts = read_texts(reader);
  for (std::uint32_t left = reader.count(); left > 0 && !reader.failed(); --left) {
    answer.addresses.push_back(read_address(reader));
  }
  answer.names = read_texts(reader);
  return finished(reader, std::move(answer));
}

std::optional<SpfResult> decode_spf_report(std::string_view content) {
  OctetReader reader{content};
  const std::uint32_t result = reader.varint(static_cast<std::uint32_t>(SpfResult::kPermError));
  return finished(reader, static_cast<SpfResult>(result));
}

std::optional<DmarcTask> decode_dmarc_task(std::string_view content) {
  OctetReader reader{content};
  DmarcTask task;
  task.domain = reader.text();
  task.policy = static_cast<policy::DmarcPolicy>(
      reader.varint(std::to_underlying(policy::DmarcPolicy::kReject)));
  task.spf_aligned = read_flag(reader);
  task.dkim_aligned = read_flag(reader);
  return finished(reader, std::move(task));
}

std::optional<bool> decode_dmarc_report(std::string_view content) {
  OctetReader reader{content};
  const bool passes = read_flag(reader);
  return finished(reader, passes);
}

std::optional<DkimTask> decode_dkim_task(std::string_view content) {
  OctetReader reader{content};
  DkimTask task;
  task.fields = read_texts(reader);
  for (std::uint32_t left = reader.count(); left > 0 && !reader.failed(); --left) {
    DkimSignatureTask& signature = task.signatures.emplace_back();
    signature.field = reader.text();
    signature.key_status = static_cast<DkimKeyStatus>(
        reader.varint(std::to_underlying(DkimKeyStatus::kTemporaryFailure)));
    signature.key = reader.text();
  }
  return finished(reader, std::move(task));
}

std::optional<std::vector<DkimFacts>> decode_dkim_report(std::string_view content) {
  OctetReader reader{content};
  std::vector<DkimFacts> report;
  for (std::uint32_t left = reader.count(); left > 0 && !reader.failed(); --left) {
    DkimFacts& facts = report.emplace_back();
    facts.domain = reader.text();
    facts.selector = reader.text();
    for (bool* flag : {&facts.is_verified,
                       &facts.is_test_key,
                       &facts.failed_for_now,
                       &facts.is_sha1,
                       &facts.leaves_body_unsigned}) {
      *flag = read_flag(reader);
    }
    facts.error = reader.varint();
    facts.key_bits = reader.varint();
  }
  return finished(reader, std::move(report));
}

}  // namespace gateway
