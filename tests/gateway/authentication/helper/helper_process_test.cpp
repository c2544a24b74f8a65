// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_process.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_slot.h"
#include "gateway/authentication/helper/library_checks.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/result.h"
#include "tests/gateway/authentication/spf/spf_checker.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/zone_resolver.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX

namespace gateway {
namespace {

using tests::SpfChecker;
using tests::ZoneResolver;

auto in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// A program that says it is ready and then does what a shell makes of `behaviour`.
class BadHelper {
 public:
  explicit BadHelper(std::string_view behaviour) : path_(folder_.path() / "helper") {
    std::ofstream{path_} << "#!/bin/sh\nprintf '\\000\\000\\000\\000\\100' >&0\n"
                         << behaviour << '\n';
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }

  [[nodiscard]] policy::ErrorCode error_of_a_check(std::chrono::milliseconds time) const {
    const auto helper = HelperProcess::start(path_, in(std::chrono::seconds{10}));
    EXPECT_TRUE(helper.has_value());
    const auto passes = check_dmarc(**helper, {.domain = "contoso.example"}, in(time));
    EXPECT_FALSE(passes.has_value());
    return passes.error().code;
  }

 private:
  tests::TemporaryFolder folder_;
  std::filesystem::path path_;
};

TEST(HelperProcess, NonsenseIsNoAnswer) {
  const BadHelper nonsense{
      R"(head -c 5 >/dev/null; printf 'nonsense, nothing but nonsense' >&0; exec sleep 60)"};
  EXPECT_EQ(nonsense.error_of_a_check(std::chrono::seconds{10}), policy::ErrorCode::kInvalidInput);
  const BadHelper wrong_kind{
      R"(head -c 5 >/dev/null; printf '\001\000\000\000\102\002' >&0; exec sleep 60)"};
  EXPECT_EQ(wrong_kind.error_of_a_check(std::chrono::seconds{10}),
            policy::ErrorCode::kInvalidInput);
  const BadHelper wrong_content{
      R"(head -c 5 >/dev/null; printf '\001\000\000\000\103\007' >&0; exec sleep 60)"};
  EXPECT_EQ(wrong_content.error_of_a_check(std::chrono::seconds{10}),
            policy::ErrorCode::kInvalidInput);
}

TEST(HelperProcess, SilenceEndsAtTheDeadline) {
  const BadHelper silent{"exec sleep 60"};
  EXPECT_EQ(silent.error_of_a_check(std::chrono::milliseconds{50}),
            policy::ErrorCode::kUnavailable);
}

TEST(HelperProcess, DeathEndsTheCheckAtOnce) {
  const BadHelper dying{"exit 0"};
  EXPECT_EQ(dying.error_of_a_check(std::chrono::minutes{5}), policy::ErrorCode::kUnavailable);
}

TEST(HelperProcess, KilledInTheMiddleOfACheckItIsATemporaryErrorAndTheNextOneIsRight) {
  ZoneResolver zone;
  zone.add_text("contoso.example", "v=spf1 a:host.example +all");
  zone.add_address("host.example", "192.0.2.1");
  SpfChecker checker{zone};
  EXPECT_EQ(checker.check("192.0.2.7", "h", "a@contoso.example").result, SpfResult::kPass);
  zone.on_question = [&](const DnsQuestion& question) {
    if (question.name == "host.example") {
      ::kill(checker.slot().process()->pid(), SIGKILL);
    }
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(checker.check("192.0.2.7", "h", "a@contoso.example").result, SpfResult::kTempError);
  }
  EXPECT_EQ(checker.slot().failures(), 3U);
  zone.on_question = nullptr;
  EXPECT_EQ(checker.check("192.0.2.7", "h", "a@contoso.example").result, SpfResult::kPass);
}

TEST(HelperSlot, DeathsInARowCostTimeAndNoMore) {
  HelperSlot slot{"/nonexistent"};
  const auto check = [](HelperProcess& /*helper*/) -> policy::Result<int> { return 1; };
  for (int i = 0; i < 40; ++i) {
    EXPECT_FALSE(slot.run(in(std::chrono::milliseconds{1}), check).has_value());
  }
  EXPECT_LT(slot.failures(), 10U);
}

TEST(HelperProcess, HasNothingButItsSocket) {
  const auto helper = HelperProcess::start(FROMGUARD_HELPER, in(std::chrono::seconds{10})).value();
  const auto process = std::filesystem::path{"/proc"} / std::to_string(helper->pid());
  std::ifstream status{process / "status"};
  const std::string text{std::istreambuf_iterator<char>{status}, {}};
  EXPECT_NE(text.find("Seccomp:\t2"), std::string::npos) << text;
  EXPECT_NE(text.find("NoNewPrivs:\t1"), std::string::npos) << text;
}

}  // namespace
}  // namespace gateway
