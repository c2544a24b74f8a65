// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/marks/evaluation_row.h"

#include "directory/marks/detection_mark.h"
#include "policy/base64.h"
#include "policy/detection_record/detection_record.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::DetectionRecord;

// What a fold or a cut may have left of line ends would end the field.
std::string one_line(std::string_view text) {
  std::string line{text};
  std::ranges::replace_if(line, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return line;
}

// A text and an address as a mailbox; the text in encoded words, whatever it is.
std::string mailbox(std::string_view shown, std::string_view address) {
  constexpr std::size_t kOctets = 42;  // of one word
  std::string words;
  while (!shown.empty()) {
    std::size_t size = std::min(shown.size(), kOctets);
    // Not between the octets of one character.
    while (size < shown.size() && size > 0 &&
           (static_cast<unsigned char>(shown[size]) >> 6U) == 2U) {
      --size;
    }
    words += fmt::format("=?utf-8?B?{}?= ", policy::encode_base64(shown.substr(0, size)));
    shown.remove_prefix(size);
  }
  return fmt::format("{}<{}>", words, one_line(address));
}

bool is_of_other_field(const DetectionRecord& record) {
  return record.field == "reply_to" || record.field == "sender";
}

// The header fields that the record tells of. Of Reply-To and Sender it keeps what is shown, not
// how that was written.
std::string header_of(const DetectionRecord& record) {
  std::string header = fmt::format("From: {}\r\n", one_line(record.from));
  if (is_of_other_field(record) && !record.shown.empty()) {
    header += fmt::format("{}: {}\r\n",
                          record.field == "sender" ? "Sender" : "Reply-To",
                          mailbox(record.shown.front(), record.address));
  }
  if (record.field != "reply_to" && !record.reply_to.empty()) {
    header += fmt::format("Reply-To: {}\r\n",
                          one_line(fmt::format("{}", fmt::join(record.reply_to, ", "))));
  }
  return header;
}

// One method of Authentication-Results: `dkim=pass header.d=contoso.com`.
struct MethodResult {
  std::string_view method;
  std::string_view result;
  std::string_view text;  // all of it
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::vector<MethodResult> methods_of(std::string_view field) {
  std::vector<MethodResult> methods;
  while (!field.empty()) {
    const std::size_t end = std::min(field.find(';'), field.size());
    const std::string_view text = trimmed(field.substr(0, end));
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      const std::string_view rest = text.substr(equals + 1);
      methods.push_back({.method = trimmed(text.substr(0, equals)),
                         .result = rest.substr(0, rest.find_first_of(" \t(")),
                         .text = text});
    }
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return methods;
}

// The value of `header.d=`; empty if there is none.
std::string_view signer_of(std::string_view text) {
  constexpr std::string_view kDomain = "header.d=";
  const std::size_t at = text.find(kDomain);
  if (at == std::string_view::npos) {
    return {};
  }
  text.remove_prefix(at + kDomain.size());
  return text.substr(0, text.find_first_of(" \t;"));
}

// What stands in for authentication; null where it was not worked out.
json::value authentication_of(const DetectionRecord& record) {
  constexpr std::array<std::string_view, 3> kDmarc{"pass", "fail", "none"};
  if (record.authentication.empty()) {
    return nullptr;
  }
  json::object told;
  json::array signers;
  for (const MethodResult& each : methods_of(record.authentication)) {
    if (each.method == "dmarc" && std::ranges::find(kDmarc, each.result) != kDmarc.end()) {
      told["dmarc"] = each.result;
    } else if (each.method == "spf") {
      told["spf"] = each.result;
    } else if (each.method == "dkim" && each.result == "pass" && !signer_of(each.text).empty()) {
      signers.emplace_back(signer_of(each.text));
    }
  }
  told["dkim"] = std::move(signers);
  return told;
}

// Whether the row shows all that the gateway judged by.
bool is_whole(const DetectionRecord& record) {
  return record.from.size() < policy::kMostRecordedOctets &&
         record.recipients.size() == record.recipient_count &&
         (!is_of_other_field(record) || !record.shown.empty());
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object expected_of(const DetectionMark& mark) {
  const DetectionRecord& record = mark.record;
  if (mark.verdict == MarkVerdict::kWrong) {
    return {{"finding", nullptr}, {"match", nullptr}, {"person", nullptr}};
  }
  return {{"finding", record.finding},
          {"match", text_or_null(record.match)},
          {"person", text_or_null(record.person)}};
}

}  // namespace

std::string evaluation_row(const DetectionMark& mark) {
  const DetectionRecord& record = mark.record;
  json::array recipients;
  for (const std::string& each : record.recipients) {
    recipients.emplace_back(each);
  }
  json::object row{{"id", record.id.text()},
                   {"header_b64", policy::encode_base64(header_of(record))},
                   {"mail_from", record.mail_from},
                   {"client_ip", text_or_null(record.client)},
                   {"verdict", word_of(mark.verdict)},
                   {"note", mark.note},
                   {"organization", record.organization},
                   {"whole", is_whole(record)}};
  row["rcpt"] = std::move(recipients);
  row["auth"] = authentication_of(record);
  row["expected"] = expected_of(mark);
  return json::serialize(row);
}

}  // namespace directory
