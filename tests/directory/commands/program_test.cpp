// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/published_generation.h"
#include "policy/snapshot/generation_files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace directory {
namespace {

namespace fs = std::filesystem;

// fromguard-directory as a process of its own, with standard error in a file or a pipe.
class Program {
 public:
  Program(const std::vector<std::string>& arguments, int standard_error) : id_(::fork()) {
    if (id_ == 0) {
      ::dup2(standard_error, STDERR_FILENO);
      ::dup2(standard_error, STDOUT_FILENO);
      std::vector<char*> pointers;
      std::string program = FROMGUARD_BINARY_DIR "/bin/fromguard-directory";
      std::vector<std::string> texts = arguments;
      pointers.push_back(program.data());
      for (std::string& text : texts) {
        pointers.push_back(text.data());
      }
      pointers.push_back(nullptr);
      ::execv(program.c_str(), pointers.data());
      ::_exit(127);
    }
  }

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  ~Program() {
    if (id_ > 0) {
      ::kill(id_, SIGKILL);
      static_cast<void>(wait());
    }
  }

  void send(int signal) const { ::kill(id_, signal); }

  // The exit status, or the negative number of the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t id_;
};

class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest() {
    tests::write_file(config(),
                      "state: state\nsnapshots: snapshots\norganizations:\n  - name: contoso\n"
                      "    domains: [contoso.com]\n"
                      "    directories: [{name: HR, type: csv, path: people.csv}]\n"
                      "    protect: {groups: [All]}\n");
    write_people(20);
  }

  fs::path config() const { return folder_.path() / "directory.yaml"; }

  fs::path snapshots() const { return folder_.path() / "snapshots"; }

  void write_people(int count) const {
    std::string text = "Display_Name,Email,Groups\n";
    for (int i = 0; i < count; ++i) {
      text += "Ada Number" + std::to_string(i) + ",ada" + std::to_string(i) + "@contoso.com,All\n";
    }
    tests::write_file(folder_.path() / "people.csv", text);
  }

  int run(const std::vector<std::string>& arguments) {
    const fs::path path = folder_.path() / "output";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int status = Program{arguments, file}.wait();
    ::close(file);
    output_ = policy::read_file(path, 1'000'000).value();
    return status;
  }

  int run_once() { return run({"run", "--once", "--config", config()}); }

  tests::TemporaryFolder folder_;
  std::string output_;
};

// Reads lines that a program writes into a pipe.
class LineReader {
 public:
  explicit LineReader(int descriptor) : descriptor_(descriptor) {}

  // Waits for a line that holds `word`; false if the program ends before.
  bool wait_for(std::string_view word) {
    std::string line;
    char c = 0;
    while (::read(descriptor_, &c, 1) == 1) {
      if (c != '\n') {
        line += c;
      } else if (line.find(word) != std::string::npos) {
        return true;
      } else {
        line.clear();
      }
    }
    return false;
  }

 private:
  int descriptor_;
};

TEST_F(ProgramTest, TellsItsUsage) {
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_EQ(output_, "fromguard-directory " FROMGUARD_VERSION "\n");
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_NE(output_.find("check"), std::string::npos);
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {}, {"fly"}, {"run"}, {"check", "--once", "--config", "x"}, {"run", "--nonsense"}}) {
    EXPECT_EQ(run(wrong), 64) << output_;
    EXPECT_NE(output_, "");
  }
}

TEST_F(ProgramTest, ChecksWithoutPublishing) {
  EXPECT_EQ(run({"check", "--config", config()}), 0);
  EXPECT_NE(output_.find("contoso/HR: 20 protected people"), std::string::npos) << output_;
  EXPECT_FALSE(fs::exists(snapshots()));
  tests::write_file(folder_.path() / "people.csv", "Display_Name,Email\nAda,nobody\n");
  EXPECT_EQ(run({"check", "--config", config()}), 65);
  EXPECT_NE(output_.find("people.csv:2: 'nobody' is no mail address"), std::string::npos);
  fs::remove(folder_.path() / "people.csv");
  EXPECT_EQ(run({"check", "--config", config()}), 66);
  tests::write_file(config(), "organizatons: []\n");
  EXPECT_EQ(run({"check", "--config", config()}), 78);
  EXPECT_NE(output_.find("directory.yaml:1:1: "), std::string::npos) << output_;
  EXPECT_EQ(run({"check", "--config", folder_.path() / "none.yaml"}), 78);
}

TEST_F(ProgramTest, BadRowsLeaveTheLastGoodGeneration) {
  EXPECT_EQ(run_once(), 0) << output_;
  tests::write_file(folder_.path() / "people.csv", "Display_Name,Email\nAda,nobody\n");
  EXPECT_EQ(run_once(), 65);
  EXPECT_NE(output_.find("people.csv:2: "), std::string::npos);
  EXPECT_EQ(fs::read_symlink(snapshots() / "current"), "generation-1");
  EXPECT_TRUE(PublishedGeneration::open(snapshots() / "current").has_value());
}

TEST_F(ProgramTest, WhatCannotBeMadeIsSaid) {
  tests::write_file(snapshots(), "a file in the way");
  EXPECT_EQ(run_once(), 73);
  EXPECT_NE(output_.find("snapshots"), std::string::npos);
}

TEST_F(ProgramTest, ServesUntilItIsToldToStop) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  Program program{{"run", "--config", config()}, ends[1]};
  ::close(ends[1]);
  LineReader log{ends[0]};
  ASSERT_TRUE(log.wait_for("generation_published generation=1"));

  EXPECT_EQ(run_once(), 75);
  EXPECT_NE(output_.find("another fromguard-directory"), std::string::npos) << output_;

  write_people(30);
  program.send(SIGUSR1);
  EXPECT_TRUE(log.wait_for("generation_published generation=2"));
  program.send(SIGTERM);
  EXPECT_TRUE(log.wait_for("stopped"));
  EXPECT_EQ(program.wait(), 0);
  ::close(ends[0]);
}

// FROMGUARD_KILLS sets how often the writer is killed; the default keeps the suite short.
TEST_F(ProgramTest, KilledAtAnyInstantItLeavesTheGenerationInForceWhole) {
  write_people(1);
  ASSERT_EQ(run_once(), 0) << output_;
  const char* wanted = std::getenv("FROMGUARD_KILLS");  // NOLINT(concurrency-mt-unsafe): one thread
  const int kills = wanted == nullptr ? 25 : std::atoi(wanted);  // NOLINT(cert-err34-c): 0 is none
  std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> milliseconds{0, 150};
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  for (int i = 0; i < kills; ++i) {
    write_people(500 + i);
    Program program{{"run", "--once", "--config", config()}, null};
    // The instant is what is tested: nothing is waited for.
    std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds(random)});
    program.send(SIGKILL);
    program.wait();
    const auto opened = PublishedGeneration::open(snapshots() / "current");
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    EXPECT_TRUE(opened->verify_thoroughly().has_value());
  }
  ::close(null);
  write_people(3);
  EXPECT_EQ(run_once(), 0) << output_;
  for (const auto& entry : fs::directory_iterator{snapshots()}) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name == ".lock" || name == "current" || name.starts_with("generation-")) << name;
  }
}

}  // namespace
}  // namespace directory
