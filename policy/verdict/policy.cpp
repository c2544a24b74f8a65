// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/policy.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/digest.h"
#include "policy/name/match.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/rule_reading.h"
#include "policy/verdict/word_set.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

AuthenticationRequirement read_authentication(MappingReader& file) {
  auto authentication = file.mapping("authentication");
  if (!authentication.has_value()) {
    return AuthenticationRequirement::kPublished;
  }
  const auto requirement =
      authentication->word<AuthenticationRequirement>("require", kRequirements);
  authentication->refuse("trusted_authserv_ids",
                         not_available("trusted_authserv_ids", "remove it"));
  authentication->refuse("trusted_relays", not_available("trusted_relays", "remove it"));
  if (requirement.has_value() && *requirement != AuthenticationRequirement::kNever) {
    authentication->warning("require",
                            "SPF, DKIM and DMARC are not worked out for live mail in this version: "
                            "the address alone decides; only explain's 'auth' is held to it");
  }
  authentication->finish();
  return requirement.value_or(AuthenticationRequirement::kPublished);
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

void refuse_unavailable_sections(MappingReader& file) {
  file.refuse("exceptions",
              not_available("exceptions",
                            "remove it, and put a rule with 'from' and 'action: accept' first"));
  file.refuse("shadow", not_available("shadow", "remove it"));
  file.refuse("lists",
              not_available("lists", "remove it, and list the addresses in 'from' of the rule"));
}

Decision decide_by(const Rule& rule, const Finding& finding) {
  const RuleAction& then = rule.then;
  const bool replies = then.action == ActionKind::kReject || then.action == ActionKind::kTempFail;
  return {.disposition = then.disposition,
          .action = then.action,
          .rule = rule.name,
          .headers = then.headers,
          .reply_code = then.reply_code,
          .enhanced_code = then.enhanced_code,
          .reply_text = replies ? then.text.fill(finding) : std::string{}};
}

}  // namespace

std::string_view word(Mode mode) {
  return kModes.at(static_cast<std::size_t>(mode)).first;
}

std::string_view word(StampWhen stamp) {
  return kStamps.at(static_cast<std::size_t>(stamp)).first;
}

std::optional<Policy> Policy::parse(std::string_view text,
                                    const std::string& file_name,
                                    Problems& problems) {
  Problems found;
  Policy policy;
  if (const auto root = parse_yaml(text, file_name, found); root.has_value()) {
    MappingReader file{*root, found};
    read_version(file);
    policy.mode_ = file.word<Mode>("mode", kModes).value_or(policy.mode_);
    policy.stamp_ = file.word<StampWhen>("stamp", kStamps).value_or(policy.stamp_);
    policy.authentication_requirement_ = read_authentication(file);
    policy.matches_ = read_matches(file);
    policy.exemptions_ = read_exemptions(file);
    refuse_unavailable_sections(file);
    policy.rules_ = read_rules(file, policy.matches_, found);
    file.finish();
  }
  problems.append(found);
  if (found.has_errors()) {
    return std::nullopt;
  }
  constexpr std::size_t kDigestDigits = 8;
  policy.digest_ = sha256_hex(text).substr(0, kDigestDigits);
  return policy;
}

std::optional<Policy> Policy::load(const std::filesystem::path& path, Problems& problems) {
  const auto text = read_configuration_file(path, problems);
  return text.has_value() ? parse(*text, path.string(), problems) : std::nullopt;
}

std::optional<Decision> Policy::decide(const DecisionFacts& facts) const {
  DecisionSubject subject{facts};
  const auto rule = std::ranges::find_if(
      rules_, [&](const Rule& candidate) { return candidate.when.hold(subject); });
  if (rule != rules_.end()) {
    return decide_by(*rule, facts.finding);
  }
  const Finding& finding = facts.finding;
  const bool is_off = finding.match.has_value() && !matches_.contains(*finding.match);
  if (finding.kind == FindingKind::kMalformedFrom || is_off) {
    return std::nullopt;
  }
  return Decision{};
}

bool Policy::names(FindingKind kind) const {
  return std::ranges::any_of(rules_,
                             [&](const Rule& rule) { return rule.when.findings.contains(kind); });
}

}  // namespace policy
