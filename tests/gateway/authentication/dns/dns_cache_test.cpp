// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/dns_cache.h"

#include "gateway/authentication/dns/dns_answer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace gateway {
namespace {

using std::chrono::seconds;

constexpr DnsCache::Time kNow{};

DnsQuestion about(const std::string& name) {
  return {.name = name, .type = DnsType::kTxt};
}

DnsAnswer answer(DnsStatus status, seconds lifetime, const std::string& text = "x") {
  DnsAnswer made;
  made.status = status;
  made.lifetime = lifetime;
  made.texts = {text};
  return made;
}

TEST(DnsCache, KeepsAnAnswerForItsLifetime) {
  DnsCache cache{100'000};
  cache.put(about("a.example"), answer(DnsStatus::kFound, seconds{60}), kNow);
  EXPECT_TRUE(cache.find(about("a.example"), kNow + seconds{59}).has_value());
  EXPECT_FALSE(cache.find(about("a.example"), kNow + seconds{60}).has_value());
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.octets(), 0U);
}

TEST(DnsCache, BoundsLifetimes) {
  DnsCache cache{100'000};
  cache.put(about("short"), answer(DnsStatus::kFound, seconds{0}), kNow);
  cache.put(about("long"), answer(DnsStatus::kFound, seconds{10'000'000}), kNow);
  cache.put(about("absent"), answer(DnsStatus::kNoName, seconds{10'000'000}), kNow);
  cache.put(about("broken"), answer(DnsStatus::kTemporaryFailure, seconds{10'000'000}), kNow);
  EXPECT_TRUE(cache.find(about("short"), kNow + seconds{9}).has_value());
  EXPECT_FALSE(cache.find(about("broken"), kNow + seconds{2}).has_value());
  EXPECT_FALSE(cache.find(about("short"), kNow + seconds{10}).has_value());
  EXPECT_TRUE(cache.find(about("absent"), kNow + seconds{899}).has_value());
  EXPECT_FALSE(cache.find(about("absent"), kNow + seconds{900}).has_value());
  EXPECT_FALSE(cache.find(about("long"), kNow + seconds{3600}).has_value());
}

TEST(DnsCache, TheLeastRecentlyUsedGoes) {
  DnsCache cache{4000};
  cache.put(about("first"), answer(DnsStatus::kFound, seconds{60}), kNow);
  for (int i = 0; cache.find(about("first"), kNow).has_value() && i < 1000; ++i) {
    cache.put(about("other" + std::to_string(i)), answer(DnsStatus::kFound, seconds{60}), kNow);
    EXPECT_LE(cache.octets(), 4000U);
  }
  EXPECT_GT(cache.size(), 2U);
  EXPECT_TRUE(cache.find(about("first"), kNow).has_value());
  EXPECT_FALSE(cache.find(about("other0"), kNow).has_value());
}

TEST(DnsCache, WhatIsTooLargeIsNotKept) {
  DnsCache cache{4000};
  cache.put(about("small"), answer(DnsStatus::kFound, seconds{60}), kNow);
  cache.put(about("large"), answer(DnsStatus::kFound, seconds{60}, std::string(5000, 'x')), kNow);
  EXPECT_FALSE(cache.find(about("large"), kNow).has_value());
  EXPECT_TRUE(cache.find(about("small"), kNow).has_value());
}

TEST(DnsCache, ANewAnswerTakesThePlaceOfTheOldOne) {
  DnsCache cache{100'000};
  cache.put(about("a"), answer(DnsStatus::kNoName, seconds{60}), kNow);
  cache.put(about("a"), answer(DnsStatus::kFound, seconds{60}), kNow);
  EXPECT_EQ(cache.find(about("a"), kNow)->status, DnsStatus::kFound);
  EXPECT_EQ(cache.size(), 1U);
}

}  // namespace
}  // namespace gateway
