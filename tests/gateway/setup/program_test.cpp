// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/program.h"

#include "policy/result.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

ProgramCall shell(std::string script) {
  return {.program = "/bin/sh", .arguments = {"-c", std::move(script)}, .folder = {}};
}

TEST(Program, TellsItsEndAndWhatItSaid) {
  const auto end = run_program(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->status, 3);
  EXPECT_EQ(end->output, "out\n");
  EXPECT_EQ(end->errors, "err");
}

TEST(Program, TakesWordsAsTheyAre) {
  const ProgramCall call{
      .program = "/usr/bin/printf", .arguments = {"%s", "a b; $(x) 'y'"}, .folder = {}};
  const auto end = run_program(call);
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->output, "a b; $(x) 'y'");
  EXPECT_EQ(call.text(), R"(printf %s 'a b; $(x) '\''y'\''')");
}

TEST(Program, IsStoppedWithWhatItStartedWhenItTakesTooLong) {
  ProgramCall call = shell("sleep 600 & sleep 600");
  call.time = std::chrono::milliseconds{50};
  const auto end = run_program(call);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, policy::ErrorCode::kUnavailable);
  EXPECT_NE(end.error().message.find("did not end in time"), std::string::npos);
}

TEST(Program, IsNotWaitedForByItsDescendants) {
  const ProgramCall call = shell("sleep 600 & echo $!");
  const auto end = run_program(call);
  ASSERT_TRUE(end.has_value());
  ASSERT_TRUE(run_program(shell("kill " + end->output)).has_value());
}

TEST(Program, RunsWhereItIsToldAndSaysWhenItCannot) {
  ProgramCall call = shell("pwd");
  call.folder = "/usr";
  const auto end = run_program(call);
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->output, "/usr\n");
  EXPECT_FALSE(
      run_program({.program = "/nonexistent/x", .arguments = {}, .folder = {}}).has_value());
}

TEST(Program, IsFoundInTheFirstFolderThatHasIt) {
  const std::vector<std::filesystem::path> folders{"/nonexistent", "/usr/bin"};
  EXPECT_EQ(find_program("env", folders).value_or(""), "/usr/bin/env");
  const auto absent = find_program("no-such-program", folders);
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().code, policy::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gateway
