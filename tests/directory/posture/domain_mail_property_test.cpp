// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/mail_dns.h"
#include "directory/posture/domain_mail.h"
#include "directory/task.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::array<std::string_view, 36> kTerms{"all",
                                                  "-all",
                                                  "~all",
                                                  "?all",
                                                  "a",
                                                  "a/0",
                                                  "mx/0//0",
                                                  "mx:b.example//1",
                                                  "ptr",
                                                  "ptr:b.example",
                                                  "ip4:0.0.0.0/0",
                                                  "ip4:0.0.0.0/1",
                                                  "ip4:128.0.0.0/1",
                                                  "-ip4:128.0.0.0/1",
                                                  "ip4:192.0.2.0/24",
                                                  "ip6:::/0",
                                                  "ip6:2000::/3",
                                                  "?ip6:8000::/1",
                                                  "exists:b.example",
                                                  "exists:%{i}.b.example",
                                                  "exists:%_.%{o}",
                                                  "include:a.example",
                                                  "include:b.example",
                                                  "include:%{d}",
                                                  "-include:c.example",
                                                  "?include:b.%{d}",
                                                  "include:a.%{d}",
                                                  "include:%{p}.example",
                                                  "redirect=b.example",
                                                  "redirect=a.%{d}.%{d}",
                                                  "exp=x.example",
                                                  "x=\x1b",
                                                  "foo",
                                                  "\xff\xfe",
                                                  "include:x y",
                                                  "a:%{d}.%{d}.%{d}.%{d}/0"};

// Every name has another record each time, or none, or no answer.
class HostileDns final : public MailDns {
 public:
  explicit HostileDns(unsigned seed) : random_(seed) {}

  Task<policy::Result<MxAnswer>> mx(std::string /*domain*/) override {
    MxAnswer answer;
    answer.hosts.resize(pick(12), {.host = "h.example", .preference = 1});
    co_return answered(std::move(answer));
  }

  Task<policy::Result<std::vector<std::string>>> addresses(std::string /*host*/) override {
    std::vector<std::string> found{"192.0.2.1", "200.0.0.1", "2001:db8::1", "a000::1", "\xff"};
    found.resize(pick(found.size() + 1));
    co_return answered(std::move(found));
  }

  Task<policy::Result<std::vector<std::string>>> txt(std::string /*domain*/) override {
    std::vector<std::string> texts{record(), "other", record()};
    texts.resize(pick(8) == 0 ? 3 : 2);
    co_return answered(std::move(texts));
  }

  Task<SpfAnswer> spf(std::string /*domain*/, std::string /*address*/) override {
    co_return SpfAnswer();
  }

  [[nodiscard]] int questions() const { return questions_; }

 private:
  std::size_t pick(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>{0, most - 1}(random_);
  }

  std::string record() {
    std::string text = "v=spf1";
    for (std::size_t left = pick(20); left > 0; --left) {
      // The first ones are right, and most records should be.
      text += " ";
      text += kTerms.at(pick(pick(40) == 0 ? kTerms.size() : kTerms.size() - 6));
    }
    return text;
  }

  template <typename T>
  policy::Result<T> answered(T value) {
    ++questions_;
    if (pick(30) == 0) {
      return policy::fail(policy::ErrorCode::kUnavailable, "no \x1b answer");
    }
    return value;
  }

  std::mt19937 random_;
  int questions_ = 0;
};

DomainMail look(HostileDns& dns) {
  boost::asio::io_context loop;
  std::optional<DomainMail> result;
  boost::asio::co_spawn(loop,
                        look_at_domain_mail(dns, "contoso.com", nullptr),
                        [&](const std::exception_ptr& failure, DomainMail mail) {
                          EXPECT_EQ(failure, nullptr);
                          result = std::move(mail);
                        });
  loop.run();
  return std::move(result).value();
}

void expect_fit_for_people(const std::string& text) {
  EXPECT_EQ(policy::visible_text(text), text);
  EXPECT_LT(text.size(), 8000U);
}

TEST(DomainMailProperty, WhateverTheRecordsSayItEndsWithinItsBounds) {
  std::size_t any = 0;
  std::size_t not_any = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    HostileDns dns{seed};
    const SpfPosture spf = look(dns).spf;
    EXPECT_LE(dns.questions(), 1 + 111 + 1) << seed;
    EXPECT_LE(spf.notes.size(), 8U) << seed;
    expect_fit_for_people(spf.record);
    expect_fit_for_people(spf.reason);
    for (const std::string& note : spf.notes) {
      expect_fit_for_people(note);
    }
    EXPECT_EQ(spf.reason.empty(), spf.allows_any == false) << seed;
    any += spf.allows_any == true ? 1U : 0U;
    not_any += spf.allows_any == false ? 1U : 0U;
  }
  EXPECT_GT(any, 300U);
  EXPECT_GT(not_any, 300U);
}

}  // namespace
}  // namespace directory
