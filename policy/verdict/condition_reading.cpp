// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/name/match.h"
#include "policy/result.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/rule_reading.h"
#include "policy/verdict/word_set.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

constexpr std::array kFindings{FindingKind::kProtectedName,
                               FindingKind::kSpoofedAddress,
                               FindingKind::kAmbiguousFrom,
                               FindingKind::kMalformedFrom};
constexpr std::array kMatches{Match::kExact,
                              Match::kReordered,
                              Match::kDecorated,
                              Match::kLookalike,
                              Match::kAddress,
                              Match::kNickname,
                              Match::kTypo,
                              Match::kLocalPart};
constexpr std::array kFields{
    SenderFieldName::kFrom, SenderFieldName::kReplyTo, SenderFieldName::kSender};

// Reads one `when`.
class ConditionReading {
 public:
  ConditionReading(MappingReader& when, Problems& problems) : when_(&when), problems_(&problems) {}

  template <typename Enum>
  WordSet<Enum> words(std::string_view key, std::span<const Enum> known) {
    std::vector<std::string_view> names;
    std::ranges::transform(
        known, std::back_inserter(names), [](Enum known_word) { return word(known_word); });
    WordSet<Enum> set;
    for (const YamlValue& item : items(key)) {
      const auto name = std::ranges::find(names, std::string_view{item.text()});
      if (name == names.end()) {
        problems_->error(item.place(),
                         fmt::format("'{}' cannot be {}; {}",
                                     key,
                                     quoted_excerpt(item.text()),
                                     advise_words(item.text(), names)));
      } else {
        set.insert(known[static_cast<std::size_t>(name - names.begin())]);
      }
    }
    return set;
  }

  std::vector<std::string> folded(std::string_view key) {
    return texts(key, [&](const YamlValue& item) -> Result<std::string> {
      if (item.text().empty()) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("'{}' lists an empty text; write a name", key));
      }
      return fold_case(item.text());
    });
  }

  std::vector<std::string> addresses(std::string_view key) {
    return texts(key, [&](const YamlValue& item) -> Result<std::string> {
      if (item.text().contains('*')) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("'{}' lists addresses without '*', not {}; write ada@example.com",
                                key,
                                quoted_excerpt(item.text())));
      }
      return parse_configured_address(item.text());
    });
  }

  std::vector<std::string> patterns(std::string_view key) {
    return texts(key, [](const YamlValue& item) { return parse_pattern(item.text()); });
  }

 private:
  static Result<std::string> parse_pattern(std::string_view text) {
    constexpr std::string_view kWholeDomain = "*@";
    if (!text.contains('@')) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} is no address, and lists by name are not available in this "
                              "version; write ada@example.com or \"*@example.com\"",
                              quoted_excerpt(text)));
    }
    const bool is_domain = text.starts_with(kWholeDomain);
    const std::string_view rest = is_domain ? text.substr(kWholeDomain.size()) : text;
    if (rest.contains('*')) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} has a '*' that is not a leading '*@'; write ada@example.com, or "
                              "\"*@example.com\" for a whole domain",
                              quoted_excerpt(text)));
    }
    if (!is_domain) {
      return parse_configured_address(text);
    }
    auto domain = parse_configured_domain(rest);
    if (domain.has_value()) {
      domain->insert(0, kWholeDomain);
    }
    return domain;
  }

  std::vector<YamlValue> items(std::string_view key) {
    return when_->scalars(key).value_or(std::vector<YamlValue>{});
  }

  template <typename Read>
  std::vector<std::string> texts(std::string_view key, Read read) {
    std::vector<std::string> read_texts;
    for (const YamlValue& item : items(key)) {
      Result<std::string> text = read(item);
      if (text.has_value()) {
        read_texts.push_back(*std::move(text));
      } else {
        problems_->error(item.place(), std::move(text.error().message));
      }
    }
    std::ranges::sort(read_texts);
    const auto repeated = std::ranges::unique(read_texts);
    read_texts.erase(repeated.begin(), repeated.end());
    return read_texts;
  }

  MappingReader* when_;
  Problems* problems_;
};

}  // namespace

Conditions read_conditions(MappingReader& when, Problems& problems) {
  ConditionReading reading{when, problems};
  Conditions conditions;
  conditions.organizations = reading.folded("organizations");
  conditions.groups = reading.folded("groups");
  conditions.people = reading.addresses("people");
  conditions.findings = reading.words<FindingKind>("findings", kFindings);
  conditions.matches = reading.words<Match>("matches", kMatches);
  conditions.fields = reading.words<SenderFieldName>("fields", kFields);
  conditions.from = reading.patterns("from");
  conditions.recipients = reading.patterns("recipients");
  when.refuse("direction", not_available("direction", "remove the condition"));
  when.finish();
  return conditions;
}

}  // namespace policy
