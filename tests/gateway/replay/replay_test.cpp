// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/replay.h"

#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "policy/exit_status.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/known_people.h"
#include "tests/support/temporary_folder.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <ios>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using policy::ExitStatus;

class ReplayTest : public testing::Test {
 protected:
  fs::path put(const std::string& name, std::string_view octets) {
    tests::write_file(folder.path() / name, octets);
    return folder.path() / name;
  }

  ExitStatus run(const ReplayRequest& request) {
    output.str("");
    errors.str("");
    return replay(
        request, in_force, settings, {.output = output, .errors = errors, .terminal = nullptr});
  }

  // The JSON objects that were written, one a line.
  [[nodiscard]] std::vector<json::value> lines() const {
    std::vector<json::value> values;
    std::istringstream text{output.str()};
    for (std::string line; std::getline(text, line);) {
      values.push_back(json::parse(line));
    }
    return values;
  }

  tests::TemporaryFolder folder;
  InForce in_force = known_in_force();
  SessionSettings settings;
  std::ostringstream output;
  std::ostringstream errors;
};

TEST_F(ReplayTest, HostileTextIsMadeVisible) {
  const fs::path mailbox = put("a\x1b[2J\n",
                               "From a\nFrom: Ada\x1b[31m Lovelace\r <x@y.example>\n"
                               "Message-ID: \x9b\x07\xff\n\n");
  const fs::path candidate =
      put("candidate.yaml", "version: 1\nrules:\n  - {name: r, then: {action: accept}}\n");
  EXPECT_EQ(run({.paths = {mailbox}, .candidate = candidate}), ExitStatus::kDone);
  EXPECT_NE(output.str().find("tag -> accept"), std::string::npos);
  for (const char* const octet : {"\x1b", "\x9b", "\x07", "\xff", "\r"}) {
    EXPECT_EQ(output.str().find(octet), std::string::npos);
  }
  EXPECT_EQ(run({.paths = {mailbox}, .candidate = candidate, .as_json = true}), ExitStatus::kDone);
  ASSERT_EQ(lines().size(), 2U);
  EXPECT_EQ(lines()[0].at("message_id"), "\\x9B\\u{7}\\xFF");
}

TEST_F(ReplayTest, ManyMessagesAreToldInTheirOrder) {
  constexpr int kMessages = 9'000;  // more than are judged at once
  std::string mailbox;
  for (int i = 0; i < kMessages; ++i) {
    mailbox +=
        "From a\nFrom: Ada Lovelace <x@y.example>\nMessage-ID: " + std::to_string(i) + "\n\n\n";
  }
  const fs::path candidate =
      put("candidate.yaml", "version: 1\nrules:\n  - {name: r, then: {action: reject}}\n");
  ASSERT_EQ(run({.paths = {put("mailbox", mailbox)}, .candidate = candidate, .as_json = true}),
            ExitStatus::kDone);
  const auto told = lines();
  ASSERT_EQ(told.size(), kMessages + 1U);
  for (int i = 0; i < kMessages; ++i) {
    ASSERT_EQ(told[static_cast<std::size_t>(i)].at("message_id").as_string(), std::to_string(i));
  }
  EXPECT_EQ(told.back().at("differences").at(0).at("messages"), kMessages);
}

TEST_F(ReplayTest, ALongHeaderIsJudgedByItsBeginningAndCounted) {
  settings.header_octets = 1000;
  const std::string header = "From: Ada Lovelace <x@y.example>\nX: " + std::string(5000, 'x');
  ASSERT_EQ(run({.paths = {put("a.eml", header)}, .candidate = {}, .as_json = true}),
            ExitStatus::kDone);
  EXPECT_EQ(lines().at(0).at("cut_headers"), 1);
  EXPECT_EQ(lines().at(0).at("in_force").at("finding"), 1);
}

TEST_F(ReplayTest, AnOldGenerationDegradesNothing) {
  in_force.is_stale = true;
  ASSERT_EQ(
      run({.paths = {put("a.eml", "From: a@b.example\n\n")}, .candidate = {}, .as_json = true}),
      ExitStatus::kDone);
  EXPECT_EQ(lines().at(0).at("in_force").at("no_finding"), 1);
}

TEST_F(ReplayTest, WhatCannotBeJudgedIsCountedApart) {
  in_force.detector = tests::detector_over(tests::unavailable_directory());
  ASSERT_EQ(run({.paths = {put("a.eml", "From: Ada Lovelace <x@y.example>\n\n")},
                 .candidate = {},
                 .as_json = true}),
            ExitStatus::kDone);
  EXPECT_EQ(lines().at(0).at("in_force").at("not_judged"), 1);
}

TEST_F(ReplayTest, NobodysFindingIsOfNoPerson) {
  const fs::path mailbox = put("mailbox", "From a\nSubject: no From field\n\n");
  in_force.policy = tests::policy_of(
      "version: 1\nrules:\n  - {name: r, when: {findings: [malformed_from]}, then: {action: "
      "reject}}\n");
  ASSERT_EQ(run({.paths = {mailbox}, .candidate = {}, .as_json = true}), ExitStatus::kDone);
  EXPECT_EQ(lines().at(0).at("in_force").at("finding"), 1);
  EXPECT_TRUE(lines().at(0).at("people").as_array().empty());
}

TEST_F(ReplayTest, AFileThatIsNoMailIsTold) {
  EXPECT_EQ(run({.paths = {put("photo", "\x89PNG\r\n\x1a\n"), put("empty", "")}, .candidate = {}}),
            ExitStatus::kBadData);
  EXPECT_NE(errors.str().find("photo: no mail"), std::string::npos);
  EXPECT_EQ(errors.str().find("empty"), std::string::npos);  // a mailbox may be empty
  EXPECT_NE(output.str().find("1 files or folders not read"), std::string::npos);
}

TEST_F(ReplayTest, WhatCannotBeReadIsToldAndTheRestIsJudged) {
  const fs::path unreadable = "/proc/self/mem";  // opens, and has nothing at its start
  EXPECT_EQ(run({.paths = {unreadable, put("a.eml", "From: a@b.example\n\n")},
                 .candidate = {},
                 .as_json = true}),
            ExitStatus::kIoError);
  EXPECT_NE(errors.str().find("/proc/self/mem: "), std::string::npos);
  EXPECT_EQ(lines().at(0).at("messages"), 1);
  EXPECT_EQ(lines().at(0).at("not_read"), 1);
}

TEST_F(ReplayTest, OutputThatCannotBeWrittenEndsIt) {
  output.setstate(std::ios::badbit);
  EXPECT_EQ(run({.paths = {put("a.eml", "From: a@b.example\n\n")}, .candidate = {}}),
            ExitStatus::kIoError);
}

}  // namespace
}  // namespace gateway
