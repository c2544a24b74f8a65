// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/spf/spf_result.h"
#include "tests/gateway/authentication/spf/spf_checker.h"
#include "tests/support/zone_resolver.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace tests {
namespace {

// The suite must not be copied; it is read where it is.
std::filesystem::path suite_path() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread runs yet
  const char* const given = std::getenv("FROMGUARD_RFC7208_TESTS");
  return given != nullptr
             ? std::filesystem::path{given}
             : std::filesystem::path{FROMGUARD_SOURCE_DIR} / "../shared/data/rfc7208-tests.yml";
}

std::string joined(const YAML::Node& strings) {
  if (strings.IsScalar()) {
    return strings.as<std::string>();
  }
  std::string text;
  for (const auto& part : strings) {
    text += part.as<std::string>();
  }
  return text;
}

void add_record(ZoneResolver& zone,
                const std::string& name,
                const YAML::Node& entry,
                bool spf_is_text) {
  if (entry.IsScalar()) {
    zone.add_failure(name);
    return;
  }
  const auto type = entry.begin()->first.as<std::string>();
  const YAML::Node value = entry.begin()->second;
  if (type == "A" || type == "AAAA") {
    zone.add_address(name, value.as<std::string>());
  } else if (type == "MX") {
    zone.add_exchange(name, value[0].as<unsigned>(), value[1].as<std::string>());
  } else if (type == "PTR") {
    zone.add_pointer(name, value.as<std::string>());
  } else if (type == "CNAME") {
    zone.add_alias(name, value.as<std::string>());
  } else if ((type == "TXT" && joined(value) != "NONE") || (type == "SPF" && spf_is_text)) {
    zone.add_text(name, joined(value));
  }
}

// Records of the type SPF stand for TXT where the name has no TXT of its own.
void fill(ZoneResolver& zone, const YAML::Node& data) {
  for (const auto& name : data) {
    const bool has_text = std::ranges::any_of(name.second, [](const auto& entry) {
      return entry.IsMap() && entry.begin()->first.template as<std::string>() == "TXT";
    });
    for (const auto& entry : name.second) {
      add_record(zone, name.first.as<std::string>(), entry, !has_text);
    }
  }
}

bool expects(const YAML::Node& expected, std::string_view result) {
  if (expected.IsScalar()) {
    return expected.as<std::string>() == result;
  }
  return std::ranges::any_of(
      expected, [&](const auto& one) { return one.template as<std::string>() == result; });
}

struct Score {
  int right = 0;
  int all = 0;
  int open = 0;
};

void run_scenario(const YAML::Node& scenario, Score& score) {
  ZoneResolver zone;
  fill(zone, scenario["zonedata"]);
  SpfChecker checker{zone};
  for (const auto& test : scenario["tests"]) {
    const YAML::Node& facts = test.second;
    const CheckedSpf checked = checker.check(facts["host"].as<std::string>(),
                                             facts["helo"].as<std::string>(),
                                             facts["mailfrom"].as<std::string>());
    const auto result = gateway::word(checked.result);
    const bool is_right = expects(facts["result"], result);
    ++score.all;
    score.right += is_right ? 1 : 0;
    score.open += !is_right && checked.result == gateway::SpfResult::kPass ? 1 : 0;
    if (!is_right) {
      std::cout << "  " << test.first << ": " << result << ", expected " << facts["result"] << '\n';
    }
  }
  EXPECT_EQ(checker.slot().failures(), 0U);
}

TEST(Rfc7208Suite, IsRightAndNeverOpen) {
  if (!std::filesystem::exists(suite_path())) {
    std::cout << "skipped: " << suite_path() << " is not here\n";
    GTEST_SKIP();
  }
  Score score;
  for (const YAML::Node& scenario : YAML::LoadAllFromFile(suite_path().string())) {
    if (scenario.IsMap()) {
      run_scenario(scenario, score);
    }
  }
  std::cout << "RFC 7208 suite: " << score.right << " of " << score.all << '\n';
  EXPECT_EQ(score.right, 203);
  EXPECT_EQ(score.all, 203);
  EXPECT_EQ(score.open, 0);
}

}  // namespace
}  // namespace tests
