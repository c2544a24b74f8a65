// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/policy.h"

#include "policy/ascii.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/digest.h"
#include "policy/name/match.h"
#include "policy/networks.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/address_reading.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/rule_reading.h"
#include "policy/verdict/word_set.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

template <typename Enum>
using Word = std::pair<std::string_view, Enum>;

constexpr std::array<Word<Mode>, 2> kModes{
    {{"monitor", Mode::kMonitor}, {"enforce", Mode::kEnforce}}};
constexpr std::array<Word<StampWhen>, 3> kStamps{
    {{"findings", StampWhen::kFindings}, {"all", StampWhen::kAll}, {"none", StampWhen::kNone}}};
constexpr std::array<Word<AuthenticationRequirement>, 3> kRequirements{
    {{"never", AuthenticationRequirement::kNever},
     {"published", AuthenticationRequirement::kPublished},
     {"always", AuthenticationRequirement::kAlways}}};
constexpr std::array<Word<bool>, 2> kFindingsChecked{{{"needed", false}, {"always", true}}};
constexpr std::array<Word<bool>, 2> kSwitches{{{"off", false}, {"on", true}}};

void read_version(MappingReader& file) {
  constexpr std::uint64_t kVersion = 1;
  file.require("version");
  const auto version = file.integer("version");
  if (version.has_value() && *version != kVersion) {
    file.error("version",
               fmt::format("version {} is not known; this program reads 'version: 1'", *version));
  }
}

std::vector<std::string> read_authserv_ids(MappingReader& authentication, Problems& problems) {
  std::vector<std::string> ids;
  const auto items = authentication.scalars("trusted_authserv_ids");
  for (const YamlValue& item : items.value_or(std::vector<YamlValue>{})) {
    const std::string& text = item.text();
    const bool is_token = !text.empty() &&
                          std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }) &&
                          text.find_first_of(";,\"()\\=") == std::string::npos;
    if (is_token) {
      ids.push_back(text);
      std::ranges::transform(ids.back(), ids.back().begin(), ascii_lower);
    } else {
      problems.error(
          item.place(),
          fmt::format("{} is no authserv-id; write the name that the trusted server puts "
                      "first in Authentication-Results, like mx.example.net",
                      quoted_excerpt(text)));
    }
  }
  std::ranges::sort(ids);
  return ids;
}

TrustedResults read_trusted_results(MappingReader& authentication, Problems& problems) {
  TrustedResults trusted;
  trusted.authserv_ids = read_authserv_ids(authentication, problems);
  if (const auto texts = authentication.strings("trusted_relays"); texts.has_value()) {
    auto relays = Networks::parse(*texts);
    if (relays.has_value()) {
      trusted.relays = *std::move(relays);
    } else {
      authentication.error("trusted_relays", std::move(relays.error().message));
    }
  }
  for (const auto& [one, other] : {std::pair{"trusted_authserv_ids", "trusted_relays"},
                                   std::pair{"trusted_relays", "trusted_authserv_ids"}}) {
    if (authentication.value(one).has_value() && !authentication.value(other).has_value()) {
      authentication.error(one,
                           fmt::format("'{}' has no effect without '{}'; give both", one, other));
    }
  }
  return trusted;
}

WordSet<Match> read_matches(MappingReader& file) {
  WordSet<Match> on = kMatchesOnByDefault;
  auto matches = file.mapping("matches");
  if (!matches.has_value()) {
    return on;
  }
  for (const Match match : {Match::kNickname, Match::kTypo, Match::kLocalPart}) {
    const std::string_view key = word(match);
    if (matches->word<bool>(key, kSwitches).value_or(false)) {
      on.insert(match);
    }
  }
  matches->finish();
  return on;
}

ExemptionSwitches read_exemptions(MappingReader& file) {
  ExemptionSwitches switches;
  auto exempt = file.mapping("exempt");
  if (!exempt.has_value()) {
    return switches;
  }
  const auto read = [&](std::string_view key, bool& target) {
    target = exempt->word<bool>(key, kSwitches).value_or(target);
  };
  read("delegated_senders", switches.delegated_senders);
  read("lists", switches.lists);
  read("self_mail", switches.self_mail);
  exempt->finish();
  return switches;
}

Decision decision_of(const Rule& rule, DecisionSubject& subject) {
  const RuleAction& then = rule.then;
  const bool replies = then.action == ActionKind::kReject || then.action == ActionKind::kTempFail;
  return {.disposition = then.disposition,
          .action = then.action,
          .rule = rule.name,
          .lists = rule.when.lists_used(subject),
          .headers = then.headers,
          .subject_prefix = then.subject_prefix,
          .to = then.to,
          .reply_code = then.reply_code,
          .enhanced_code = then.enhanced_code,
          .reply_text = replies ? then.text.fill(subject.finding()) : std::string{}};
}

// A list that nothing refers to is a rule that somebody forgot.
void warn_of_unused_lists(const Policy& policy, const MappingReader& file, Problems& problems) {
  std::set<const AddressList*> used;
  const auto note = [&](const AddressPatterns& patterns) {
    for (const auto& list : patterns.lists) {
      used.insert(list.get());
    }
  };
  for (const PolicyException& exception : policy.exceptions()) {
    note(exception.from);
  }
  for (const auto* rules : {&policy.rules(), &policy.shadow_rules()}) {
    for (const Rule& rule : *rules) {
      note(rule.when.from);
      note(rule.when.recipients);
    }
  }
  for (const auto& [name, list] : policy.lists()) {
    if (!used.contains(list.get())) {
      problems.warning(file.place_of("lists"),
                       fmt::format("no rule and no exception uses the list {}; remove it",
                                   quoted_excerpt(name)));
    }
  }
}

std::string digest_of(std::string_view text, const std::vector<PolicyDataFile>& files) {
  constexpr std::size_t kDigestDigits = 8;
  std::string all{text};
  for (const PolicyDataFile& file : files) {
    all += '\0' + sha256_hex(file.text);
  }
  return sha256_hex(all).substr(0, kDigestDigits);
}

}  // namespace

std::string_view word(Mode mode) {
  return kModes.at(static_cast<std::size_t>(mode)).first;
}

std::string_view word(StampWhen stamp) {
  return kStamps.at(static_cast<std::size_t>(stamp)).first;
}

std::chrono::sys_days today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

std::optional<Policy> Policy::parse(std::string_view text,
                                    const std::string& file_name,
                                    Problems& problems,
                                    std::chrono::sys_days day) {
  Problems found;
  Policy policy;
  PolicyReading reading;
  reading.folder = std::filesystem::path{file_name}.parent_path();
  if (const auto root = parse_yaml(text, file_name, found); root.has_value()) {
    MappingReader file{*root, found};
    policy.read(file, reading, day, found);
  }
  problems.append(found);
  if (found.has_errors()) {
    return std::nullopt;
  }
  policy.digest_ = digest_of(text, reading.files);
  return policy;
}

void Policy::read(MappingReader& file,
                  PolicyReading& reading,
                  std::chrono::sys_days day,
                  Problems& problems) {
  read_version(file);
  mode_ = file.word<Mode>("mode", kModes).value_or(mode_);
  stamp_ = file.word<StampWhen>("stamp", kStamps).value_or(stamp_);
  if (auto authentication = file.mapping("authentication"); authentication.has_value()) {
    authentication_requirement_ =
        authentication->word<AuthenticationRequirement>("require", kRequirements)
            .value_or(authentication_requirement_);
    checks_findings_ = authentication->word<bool>("findings", kFindingsChecked).value_or(false);
    trusted_results_ = read_trusted_results(*authentication, problems);
    authentication->finish();
  }
  const WordSet<Match> matches_on = read_matches(file);
  matches_ = matches_on;
  exemptions_ = read_exemptions(file);
  read_lists(file, reading, problems);
  lists_ = reading.lists;
  for (const PolicyDataFile& each : reading.files) {
    list_files_.push_back(each.path);
  }
  exceptions_ = read_exceptions(file, lists_, day, problems);
  const RuleContext context{.lists = lists_, .matches_on = matches_on};
  rules_ = read_rules(file, context, problems);
  if (auto shadow = file.mapping("shadow"); shadow.has_value()) {
    has_shadow_ = true;
    shadow_rules_ = read_rules(*shadow, context, problems);
    shadow->finish();
  }
  // Of what was refused nobody knows which lists it would use.
  if (!problems.has_errors()) {
    warn_of_unused_lists(*this, file, problems);
  }
  file.finish();
}

std::optional<Policy> Policy::load(const std::filesystem::path& path, Problems& problems) {
  const auto text = read_configuration_file(path, problems);
  return text.has_value() ? parse(*text, path.string(), problems) : std::nullopt;
}

const PolicyException* Policy::excuse(const DecisionFacts& facts) const {
  const bool is_authenticated =
      facts.authentication != nullptr && facts.authentication->is_authenticated();
  DecisionSubject subject{facts};
  const auto exception = std::ranges::find_if(exceptions_, [&](const PolicyException& each) {
    return each.is_current(facts.today) && (is_authenticated || !each.authenticated) &&
           each.covers(subject);
  });
  return exception == exceptions_.end() ? nullptr : &*exception;
}

bool Policy::may_excuse(const DecisionFacts& facts) const {
  DecisionSubject subject{facts};
  return std::ranges::any_of(exceptions_, [&](const PolicyException& each) {
    return each.is_current(facts.today) && each.covers(subject);
  });
}

std::optional<Decision> Policy::decide(const DecisionFacts& facts) const {
  return decide_by(rules_, facts);
}

std::optional<Decision> Policy::decide_shadow(const DecisionFacts& facts) const {
  return decide_by(shadow_rules_, facts);
}

std::optional<Decision> Policy::decide_by(const std::vector<Rule>& rules,
                                          const DecisionFacts& facts) const {
  DecisionSubject subject{facts};
  const auto rule = std::ranges::find_if(
      rules, [&](const Rule& candidate) { return candidate.when.hold(subject); });
  if (rule != rules.end()) {
    return decision_of(*rule, subject);
  }
  const Finding& finding = facts.finding;
  const bool is_off = finding.match.has_value() && !matches_.contains(*finding.match);
  if (finding.kind == FindingKind::kMalformedFrom || is_off) {
    return std::nullopt;
  }
  return Decision{};
}

bool Policy::uses(ActionKind action) const {
  return std::ranges::any_of(rules_, [&](const Rule& rule) { return rule.then.action == action; });
}

bool Policy::changes_subject() const {
  return std::ranges::any_of(rules_,
                             [](const Rule& rule) { return !rule.then.subject_prefix.empty(); });
}

bool Policy::names(FindingKind kind) const {
  return std::ranges::any_of(rules_,
                             [&](const Rule& rule) { return rule.when.findings.contains(kind); });
}

}  // namespace policy
