// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/jobs/jobs.h"

#include "policy/result.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;

TEST(JobsTest, TellsWhatCameOfAJob) {
  Jobs jobs;
  const std::uint64_t id =
      jobs.begin({.kind = "sync", .subject = "contoso/Staff", .organization = "contoso"}, 100)
          .value();
  jobs.progress(id, 5, 20, "reading users");
  EXPECT_EQ(jobs.find(id)->state, JobState::kRunning);
  EXPECT_EQ(jobs.find(id)->done, 5U);
  EXPECT_EQ(jobs.find(id)->total, 20U);
  EXPECT_EQ(jobs.find(id)->message, "reading users");
  jobs.end(id, "20 users", 130);
  EXPECT_EQ(jobs.find(id)->state, JobState::kDone);
  EXPECT_EQ(jobs.find(id)->message, "20 users");
  EXPECT_EQ(jobs.find(id)->ended, 130);
  jobs.progress(id, 6, 20, "late");
  EXPECT_EQ(jobs.find(id)->message, "20 users");
}

TEST(JobsTest, ASecondJobOfTheSameWorkIsRefusedWhileOneRuns) {
  Jobs jobs;
  const std::uint64_t first =
      jobs.begin({.kind = "sync", .subject = "contoso/Staff", .organization = "contoso"}, 100)
          .value();
  const auto second =
      jobs.begin({.kind = "sync", .subject = "contoso/Staff", .organization = "contoso"}, 101);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
  EXPECT_NE(second.error().message.find("job 1 "), std::string::npos);
  EXPECT_TRUE(
      jobs.begin({.kind = "sync", .subject = "contoso/Guests", .organization = "contoso"}, 101)
          .has_value());
  EXPECT_TRUE(
      jobs.begin({.kind = "provision", .subject = "contoso/Staff", .organization = "contoso"}, 101)
          .has_value());
  jobs.end(first, policy::fail(ErrorCode::kUnavailable, "no network"), 102);
  EXPECT_EQ(jobs.find(first)->state, JobState::kFailed);
  EXPECT_EQ(jobs.find(first)->message, "no network");
  EXPECT_TRUE(
      jobs.begin({.kind = "sync", .subject = "contoso/Staff", .organization = "contoso"}, 103)
          .has_value());
}

TEST(JobsTest, KeepsWhatRunsAndTheLastHundredThatEnded) {
  Jobs jobs;
  const std::uint64_t running =
      jobs.begin({.kind = "sync", .subject = "contoso/Staff", .organization = "contoso"}, 0)
          .value();
  for (int i = 0; i < 150; ++i) {
    jobs.end(jobs.begin({.kind = "sync", .subject = "contoso/Guests", .organization = "contoso"}, i)
                 .value(),
             "done",
             i);
  }
  const std::vector<Job> list = jobs.list();
  EXPECT_EQ(list.size(), 101U);
  EXPECT_EQ(list.front().id, 151U);
  EXPECT_EQ(list.back().id, running);
  EXPECT_FALSE(jobs.find(2).has_value());
  jobs.end(running, "at last", 200);
  EXPECT_EQ(jobs.find(running)->message, "at last");
  const std::uint64_t failed =
      jobs.begin({.kind = "pull", .subject = "contoso/Staff 1", .organization = "contoso"}, 201)
          .value();
  jobs.end(failed, policy::fail(ErrorCode::kUnavailable, "no network"), 202);
  EXPECT_EQ(jobs.ended().at({"sync", JobState::kDone}), 151U);
  EXPECT_EQ(jobs.ended().at({"pull", JobState::kFailed}), 1U);
}

TEST(JobsTest, TheListenerHearsEachChange) {
  Jobs jobs;
  std::vector<std::string> heard;
  jobs.set_listener([&](const Job& job) {
    heard.push_back(std::to_string(static_cast<int>(job.state)) + job.message);
  });
  const std::uint64_t id =
      jobs.begin({.kind = "sync", .subject = "contoso/Staff", .organization = "contoso"}, 0)
          .value();
  jobs.progress(id, 1, 2, "half");
  jobs.end(id, "whole", 1);
  EXPECT_EQ(heard, (std::vector<std::string>{"0", "0half", "1whole"}));
}

}  // namespace
}  // namespace directory
