// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/apply.h"
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/plan.h"
#include "tests/directory/exchange/exchange_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr int kRuns = 60;
constexpr int kMostApplies = 12;

// Whatever a tenant has, and whatever goes wrong on the way.
class ApplyPropertyTest : public ExchangeTest {
 protected:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }

  bool chance(std::size_t percent) { return below(100) < percent; }

  void seed(std::string_view kind, const json::object& properties) {
    control("exchange/objects",
            json::serialize(json::object{{"kind", kind}, {"properties", properties}}));
  }

  // Objects of others: hidden ones, ones that look like ours, ones with another mark.
  void seed_others() {
    const std::array comments{std::string{},
                              std::string{"made by hand"},
                              std::string{"managed-by=gateway;id=7f0c"},
                              mark_of("00000000-0000-4000-8000-0000000000ff")};
    for (std::size_t i = below(5); i > 0; --i) {
      seed("inbound",
           {{"Name", "In " + std::to_string(i)},
            {"ConnectorType", chance(50) ? "Partner" : "OnPremises"},
            {"SenderDomains", json::array{"smtp:*;1"}},
            {"Enabled", chance(50)},
            {"Comment", comments.at(below(comments.size()))}});
    }
    for (std::size_t i = below(5); i > 0; --i) {
      seed("outbound",
           {{"Name", "Out " + std::to_string(i)},
            {"ConnectorType", "Partner"},
            {"RecipientDomains", json::array{"*"}},
            {"IsTransportRuleScoped", chance(50)},
            {"TestMode", chance(50)},
            {"Comment", comments.at(below(comments.size()))}});
    }
    for (std::size_t i = below(5); i > 0; --i) {
      seed("rule",
           {{"Name", "Rule " + std::to_string(i)},
            {"SetSCL", -1},
            {"SenderIpRanges", json::array{"192.0.2.10"}},
            {"Comments", comments.at(below(comments.size()))}});
    }
  }

  void break_something() {
    constexpr std::array<std::string_view, 7> kFaults{
        R"({"kind": "applied_then_error", "path": "/adminapi", "status": 504)",
        R"({"kind": "applied_then_error", "path": "/adminapi", "reset": true)",
        R"({"kind": "applied_then_error", "path": "/adminapi", "status": 500)",
        R"({"kind": "refused_concurrency", "path": "/adminapi", "status": 400)",
        R"({"kind": "status", "path": "/adminapi", "status": 503)",
        R"({"kind": "reset_before", "path": "/adminapi")",
        R"({"kind": "truncated_json", "path": "/adminapi")"};
    for (std::size_t i = below(4); i > 0; --i) {
      control("faults",
              std::string{kFaults.at(below(kFaults.size()))} + R"(, "count": )" +
                  std::to_string(1 + below(2)) + R"(, "skip": )" + std::to_string(below(12)) + "}");
    }
  }

  json::array objects() {
    return json::parse(microsoft_->control("GET", "/control/exchange/objects").value())
        .at("objects")
        .as_array();
  }

  // Applies until it is done. Each run may give up, none may leave something twice.
  std::expected<ExchangePlan, CmdletFailure> insist(const DesiredInput& input) {
    auto result = applied(input);
    for (int i = 0; i < kMostApplies && !result.has_value(); ++i) {
      EXPECT_TRUE(result.error().kind == CmdletFailureKind::kUnavailable ||
                  result.error().kind == CmdletFailureKind::kBusy)
          << result.error().message;
      result = applied(input);
    }
    return result;
  }

  void expect_ours_once(const DesiredInput& input, int others) {
    const int wanted = input.stage.is_outbound_enabled ? 4 : 3;
    int ours = 0;
    for (const json::value& each : objects()) {
      ours += each.at("seeded").as_bool() ? 0 : 1;
      EXPECT_TRUE(!each.at("seeded").as_bool() || each.at("untouched").as_bool())
          << json::serialize(each);
    }
    EXPECT_EQ(ours, wanted);
    EXPECT_EQ(static_cast<int>(objects().size()), wanted + others);
  }

  void reset(std::uint64_t seed) {
    random_.seed(seed);
    ASSERT_TRUE(microsoft_->control("DELETE", "/control/exchange/objects", "{}").has_value());
    ASSERT_TRUE(microsoft_->control("DELETE", "/control/faults").has_value());
  }

  std::mt19937_64 random_;
};

TEST_F(ApplyPropertyTest, OursAreThereOnceAndOthersUntouched) {
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    SCOPED_TRACE("seed " + std::to_string(run));
    reset(run);
    seed_others();
    const int others = static_cast<int>(objects().size());
    DesiredInput input = desired_input();
    for (int change = 0; change < 3; ++change) {
      input.stage = {.is_inbound_enabled = chance(50),
                     .is_locked = chance(50),
                     .is_outbound_enabled = chance(50)};
      break_something();
      const auto done = insist(input);
      ASSERT_TRUE(done.has_value()) << done.error().message;
      expect_ours_once(input, others);
    }
  }
}

}  // namespace
}  // namespace directory
