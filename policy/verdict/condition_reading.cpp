// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/folding.h"
#include "policy/name/match.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/address_reading.h"
#include "policy/verdict/decision.h"
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
constexpr std::array kDirections{Direction::kInbound, Direction::kOutbound};
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
    std::vector<std::string> texts;
    for (const YamlValue& item : items(key)) {
      if (item.text().empty()) {
        problems_->error(item.place(), fmt::format("'{}' lists an empty text; write a name", key));
      }
      texts.push_back(fold_case(item.text()));
    }
    std::ranges::sort(texts);
    const auto repeated = std::ranges::unique(texts);
    texts.erase(repeated.begin(), repeated.end());
    return texts;
  }

 private:
  std::vector<YamlValue> items(std::string_view key) {
    return when_->scalars(key).value_or(std::vector<YamlValue>{});
  }

  MappingReader* when_;
  Problems* problems_;
};

}  // namespace

Conditions read_conditions(MappingReader& when, const AddressLists& lists, Problems& problems) {
  ConditionReading reading{when, problems};
  Conditions conditions;
  conditions.organizations = reading.folded("organizations");
  conditions.groups = reading.folded("groups");
  conditions.people = read_addresses(when, "people", problems);
  conditions.findings = reading.words<FindingKind>("findings", kFindings);
  conditions.matches = reading.words<Match>("matches", kMatches);
  conditions.fields = reading.words<SenderFieldName>("fields", kFields);
  conditions.from = read_address_patterns(when, "from", lists, problems);
  conditions.recipients = read_address_patterns(when, "recipients", lists, problems);
  conditions.directions = reading.words<Direction>("direction", kDirections);
  when.finish();
  return conditions;
}

}  // namespace policy
