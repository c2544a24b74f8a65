// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
//
// Every row of tests/data/taxonomy.jsonl and tests/data/ambiguity.jsonl, as far as the reading of
// the fields decides it.
#include "gateway/message/header_block.h"
#include "gateway/message/octets.h"
#include "gateway/message/sender_field_parser.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

std::vector<boost::json::object> read_rows(const std::string& name) {
  std::ifstream file{std::string{FROMGUARD_SOURCE_DIR} + "/tests/data/" + name};
  std::vector<boost::json::object> rows;
  for (std::string line; std::getline(file, line);) {
    rows.push_back(boost::json::parse(line).as_object());
  }
  return rows;
}

std::string text_at(const boost::json::object& row, std::string_view key) {
  return std::string{row.at(key).as_string()};
}

std::string decode_base64(const std::string& text) {
  std::vector<unsigned char> octets(text.size());
  const int size = EVP_DecodeBlock(octets.data(),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = std::ranges::count(text, '=');
  return std::string{reinterpret_cast<const char*>(octets.data()),
                     static_cast<std::size_t>(size - padding)};
}

// The octets of text in which each character up to U+00FF stands for one.
std::string octets_of_latin1(std::string_view utf8) {
  std::string octets;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const unsigned c = static_cast<unsigned char>(utf8[i]);
    octets += c < 0x80
                  ? utf8[i]
                  : static_cast<char>((c << 6U) | (static_cast<unsigned char>(utf8[++i]) & 63U));
  }
  return octets;
}

policy::SenderField from_of(const HeaderBlock& block) {
  SenderFieldParser parser{policy::SenderFieldName::kFrom};
  for (const HeaderField& field : block.fields) {
    if (sender_field_name(field.name) == policy::SenderFieldName::kFrom) {
      parser.add(field.value, field.space_before_colon);
    }
  }
  return parser.finish();
}

// All that the field shows, in lower case.
std::string all_shown(const policy::SenderField& field) {
  std::string text = mailboxes_of(field) + '\n' + identities_of(field) + '\n' + field.beyond_limits;
  std::ranges::transform(text, text.begin(), ascii_lower);
  return text;
}

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'z') {
      letters += lower;
    }
  }
  return letters;
}

// Whether a text shows each word of `name`, by its ASCII letters, or holds characters beyond
// ASCII, which the name matcher looks into.
bool shows_name(const policy::SenderField& field, std::string_view name) {
  return std::ranges::any_of(field.identities, [&](const policy::VisibleIdentity& identity) {
    if (identity.text.find("=?") != std::string::npos) {
      return false;
    }
    if (std::ranges::any_of(identity.text, is_eight_bit) ||
        std::ranges::any_of(name, is_eight_bit)) {
      return true;
    }
    const std::string letters = letters_of(identity.text);
    std::string_view rest = name;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (letters.find(letters_of(rest.substr(0, end))) == std::string::npos) {
        return false;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return true;
  });
}

bool shows_address(const policy::SenderField& field, const boost::json::object& row) {
  const std::string shown = all_shown(field);
  return std::ranges::any_of(row.at("protected_emails").as_array(),
                             [&](const boost::json::value& address) {
                               return shown.find(address.as_string().c_str()) != std::string::npos;
                             });
}

TEST(Taxonomy, EveryFromFieldIsRead) {
  const auto rows = read_rows("taxonomy.jsonl");
  ASSERT_GE(rows.size(), 128U);
  for (const auto& row : rows) {
    const std::string raw = decode_base64(text_at(row, "raw_b64"));
    const policy::SenderField field = from_of(parse_header_block(raw));
    EXPECT_GE(field.field_count, 1U) << raw;
    EXPECT_EQ(words_of(field.limits), "") << raw;
  }
}

TEST(Taxonomy, WhatMustBeFlaggedIsShown) {
  // These spell the name so that only the keys of a name find it.
  const std::vector<std::string> lookalikes{"F059", "F089"};
  std::size_t rows_checked = 0;
  for (const auto& row : read_rows("taxonomy.jsonl")) {
    const std::string tier = text_at(row, "tier");
    const std::string id = text_at(row, "id");
    if (text_at(row, "expected") != "flag" || (tier != "core" && tier != "structure") ||
        std::ranges::find(lookalikes, id) != lookalikes.end()) {
      continue;
    }
    ++rows_checked;
    const std::string raw = decode_base64(text_at(row, "raw_b64"));
    const policy::SenderField field = from_of(parse_header_block(raw));
    EXPECT_TRUE(shows_name(field, text_at(row, "protected_name")) || shows_address(field, row))
        << id << ": " << raw << '\n'
        << all_shown(field);
  }
  EXPECT_GE(rows_checked, 50U);
}

TEST(Ambiguity, WhatIsAmbiguousIsNotedAndWhatIsRegularIsNot) {
  const auto rows = read_rows("ambiguity.jsonl");
  ASSERT_GE(rows.size(), 82U);
  for (const auto& row : rows) {
    const std::string raw = octets_of_latin1(text_at(row, "raw_headers"));
    const HeaderBlock block = parse_header_block(raw);
    const policy::SenderField field = from_of(block);
    const bool is_noted = !field.defects.empty() || !field.limits.empty() || block.stray_lines > 0;
    const std::string expected = text_at(row, "expect");
    const std::string what = text_at(row, "id") + ": " + words_of(field.defects) + ' ' +
                             words_of(field.limits) + '\n' + raw.substr(0, 200);
    if (expected == "ambiguous") {
      EXPECT_TRUE(is_noted) << what;
    } else if (expected == "ok") {
      EXPECT_FALSE(is_noted) << what;
    }
  }
}

TEST(Ambiguity, EveryAddressAndNameIsShown) {
  for (const auto& row : read_rows("ambiguity.jsonl")) {
    const std::string raw = octets_of_latin1(text_at(row, "raw_headers"));
    const HeaderBlock block = parse_header_block(raw);
    const policy::SenderField field = from_of(block);
    const std::string shown = all_shown(field);
    for (const HeaderField& header : block.fields) {
      if (sender_field_name(header.name) != policy::SenderFieldName::kFrom) {
        continue;
      }
      for (const std::string_view text : {"admin@legit.example", "any@attack.example", "boss"}) {
        std::string value{header.value};
        std::ranges::transform(value, value.begin(), ascii_lower);
        EXPECT_TRUE(value.find(text) == std::string::npos || shown.find(text) != std::string::npos)
            << text_at(row, "id") << ": " << text << '\n'
            << shown;
      }
    }
    if (text_at(row, "expect") == "impersonation") {
      EXPECT_TRUE(shows_name(field, "Boss") ||
                  identities_of(field).find("admin@legit.example") != std::string::npos)
          << text_at(row, "id") << '\n'
          << shown;
    }
  }
}

}  // namespace
}  // namespace gateway
