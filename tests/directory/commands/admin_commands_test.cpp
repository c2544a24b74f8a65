// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/api.h"
#include "directory/http/server.h"
#include "policy/result.h"
#include "tests/directory/api/api_fixture.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// The admin commands against a daemon that has the API alone.
class AdminCommandsTest : public tests::ApiTest {
 protected:
  AdminCommandsTest() {
    tests::write_file(config(),
                      "state: state\nsnapshots: snapshots\napi: {socket: api.sock}\n"
                      "organizations:\n  - name: contoso\n    domains: [contoso.com]\n"
                      "    directories: [{name: Guests, type: csv, path: guests.csv}]\n"
                      "    protect: {groups: [Leaders]}\n");
  }

  ~AdminCommandsTest() override {
    io_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  fs::path config() const { return folder_.path() / "directory.yaml"; }

  void start_daemon() {
    server_ = HttpServer::listen_unix(
                  io_.get_executor(), folder_.path() / "api.sock", "no-such-group", api_)
                  .value();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  // On the daemon's thread, as everything that touches its objects.
  template <typename Function>
  void on_daemon(Function function) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      function();
      done.set_value();
    });
    done.get_future().wait();
  }

  // Runs the program without a terminal, with this on standard input; its output is kept.
  int run(std::vector<std::string> arguments, const std::string& input = "") {
    tests::write_file(path("in"), input);
    arguments.insert(arguments.begin(), FROMGUARD_BINARY_DIR "/bin/fromguard-directory");
    arguments.insert(arguments.end(), {"--config", config().string()});
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) {
      pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path("in").c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path("out").c_str(), flags, 0600);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, path("err").c_str(), flags, 0600);
    pid_t id = 0;
    EXPECT_EQ(::posix_spawn(&id, pointers[0], &actions, nullptr, pointers.data(), environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    ::waitpid(id, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string read(const std::string& name) const {
    std::ifstream file{path(name)};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  std::string out() const { return read("out"); }

  std::string err() const { return read("err"); }

  bool says(const std::string& text) const {
    return (out() + err()).find(text) != std::string::npos;
  }

  boost::asio::io_context io_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

TEST_F(AdminCommandsTest, SayHowToStartTheDaemonThatDoesNotRun) {
  EXPECT_EQ(run({"status"}), 69);
  EXPECT_EQ(err(),
            "fromguard-directory: fromguard-directory does not answer on " + path("api.sock") +
                "; start it: fromguard-directory run --config " + config().string() + "\n");
}

TEST_F(AdminCommandsTest, RefuseAWrongCommandLine) {
  EXPECT_EQ(run({"people"}), 64);
  EXPECT_EQ(run({"people", "show"}), 64);
  EXPECT_EQ(run({"people", "show", "a", "b"}), 64);
  EXPECT_EQ(run({"status", "--colour"}), 64);
}

TEST_F(AdminCommandsTest, ProtectAndUnprotectGroupsAndPeople) {
  start_daemon();
  EXPECT_EQ(run({"people", "protect", "EVE@contoso.com"}), 0) << err();
  EXPECT_EQ(out(), "Eve Straße is now protected\n");
  EXPECT_EQ(run({"people", "search", "contoso"}), 0);
  EXPECT_TRUE(says("protected (direct)"));
  EXPECT_TRUE(says("protected (via Leaders)"));
  EXPECT_TRUE(says("\\u{202E}")) << out();
  EXPECT_EQ(out().find('\x1b'), std::string::npos);
  EXPECT_EQ(run({"people", "unprotect", "ada@contoso.com"}), 65);
  EXPECT_TRUE(says("through Leaders"));
  EXPECT_EQ(run({"people", "protect", "zoe@contoso.com"}), 66);
  EXPECT_EQ(run({"groups", "protect", "Crew"}), 65);
  EXPECT_TRUE(says("contoso/Staff g3, contoso/Staff g4")) << err();
  EXPECT_EQ(run({"groups", "protect", "g3"}), 0);
  EXPECT_EQ(run({"groups", "show", "g3"}), 0);
  EXPECT_TRUE(says("Crew: protected (direct)"));
  EXPECT_EQ(run({"audit", "--json"}), 0);
  EXPECT_EQ(json::parse(out()).at("audit").as_array().size(), 2U);
}

TEST_F(AdminCommandsTest, AddSyncAndRemoveADirectory) {
  start_daemon();
  EXPECT_EQ(run({"directories", "add", "New", "--type", "csv", "--path", "n.csv", "--every", "5m"}),
            0)
      << err();
  EXPECT_EQ(run({"directories", "add", "New", "--type", "csv", "--path", "n.csv"}), 73);
  EXPECT_EQ(run({"directories", "add", "Bad", "--type", "ldap"}), 65);
  EXPECT_EQ(run({"directories", "list"}), 0);
  EXPECT_TRUE(says("contoso/New")) << out();
  EXPECT_EQ(run({"directories", "edit", "New", "--every", "15m"}), 0) << err();
  EXPECT_EQ(out(), "changed contoso/New\n");
  EXPECT_EQ(run({"directories", "edit", "New"}), 64);
  EXPECT_EQ(run({"directories", "edit", "Staff", "--every", "15m"}), 65);
  EXPECT_EQ(run({"directories", "sync", "contoso/New", "--full"}), 0);
  EXPECT_EQ(out(), "job 1 has begun\n");
  EXPECT_EQ(run({"directories", "sync", "New"}), 75);
  EXPECT_EQ(run({"directories", "remove", "New"}), 77);
  EXPECT_TRUE(says("add --yes"));
  EXPECT_EQ(run({"directories", "remove", "New", "--yes"}), 75);
  on_daemon([&] { jobs_.end(1, "done", 5); });
  EXPECT_EQ(run({"directories", "remove", "New", "--yes"}), 0) << err();
  EXPECT_EQ(run({"directories", "remove", "Staff", "--yes"}), 65);
  EXPECT_EQ(run({"directories", "authorize", "Staff"}), 0);
  EXPECT_EQ(out(), "https://login.example/consent\n");
}

TEST_F(AdminCommandsTest, WaitForAJobWithProgressOnStandardErrorAlone) {
  jobs_.set_listener([&](const Job& job) {
    if (job.state == JobState::kRunning && job.message.empty()) {
      boost::asio::post(io_, [&, id = job.id] {
        jobs_.end(id, policy::fail(policy::ErrorCode::kUnavailable, "no network"), 5);
      });
    }
  });
  start_daemon();
  EXPECT_EQ(run({"directories", "sync", "Staff", "--wait", "--json"}), 69);
  EXPECT_EQ(json::parse(out()).at("state").as_string(), "failed");
  EXPECT_TRUE(says("fromguard-directory: no network"));
}

TEST_F(AdminCommandsTest, KeepSecondaryEmails) {
  start_daemon();
  EXPECT_EQ(run({"secondary-emails", "add", "bob@contoso.com", "b@x.example", "c@x.example"}), 0)
      << err();
  EXPECT_EQ(run({"secondary-emails", "remove", "bob@contoso.com", "C@x.example"}), 0);
  EXPECT_EQ(out(), "bob@home.example  (directory.yaml)\nb@x.example\n");
  EXPECT_EQ(run({"secondary-emails", "remove", "bob@contoso.com", "bob@home.example"}), 65);
  EXPECT_TRUE(says("directory.yaml declares"));
  EXPECT_EQ(run({"secondary-emails", "remove", "bob@contoso.com", "z@x.example"}), 66);
  EXPECT_EQ(run({"secondary-emails", "add", "bob@contoso.com", "ada@contoso.com"}), 65);
  EXPECT_TRUE(says("is an address of Ada Lovelace"));
}

TEST_F(AdminCommandsTest, ImportWhatTheyExport) {
  start_daemon();
  tests::write_file(path("list.csv"),
                    "Email,Secondary_Emails\nada@contoso.com,a@x.example; b@x.example\n"
                    "eve@contoso.com,e@x.example\n");
  EXPECT_EQ(run({"secondary-emails", "import", path("list.csv")}), 0) << err();
  EXPECT_EQ(run({"secondary-emails", "export"}), 0);
  EXPECT_EQ(out(),
            "Email,Secondary_Emails\nada@contoso.com,a@x.example;b@x.example\n"
            "eve@contoso.com,e@x.example\n");
  tests::write_file(path("lines"), "f@x.example\n\nnot an address\n");
  EXPECT_EQ(run({"secondary-emails", "import", path("lines"), "--person", "eve@contoso.com"}), 65);
  EXPECT_TRUE(says("lines:3: not an address")) << err();
  EXPECT_EQ(run({"secondary-emails", "export", "eve@contoso.com"}), 0);
  EXPECT_EQ(out(), "e@x.example\n");
  EXPECT_EQ(run({"secondary-emails", "import", path("missing")}), 66);
}

TEST_F(AdminCommandsTest, EnableADomainOnceItsNextHopIsKnown) {
  import_domain("contoso.com", "");
  start_daemon();
  EXPECT_EQ(run({"domains", "enable", "contoso.com"}), 65);
  EXPECT_EQ(run({"domains", "next-hop", "contoso.com", "mx.contoso.com"}), 0) << err();
  EXPECT_EQ(run({"domains", "enable", "contoso.com"}), 0);
  EXPECT_EQ(out(), "contoso.com: relay enabled, next hop mx.contoso.com (set by command)\n");
  EXPECT_EQ(run({"domains", "list"}), 0);
  EXPECT_TRUE(says("enabled"));
  EXPECT_EQ(run({"domains", "enable", "fabrikam.com"}), 66);
}

TEST_F(AdminCommandsTest, ShowTheRest) {
  start_daemon();
  for (const auto* command : {"permissions", "notifications", "audit", "status", "export"}) {
    EXPECT_EQ(run({command}), 0) << command << err();
    EXPECT_EQ(run({command, "--json"}), 0);
    EXPECT_TRUE(json::parse(out()).is_object()) << out();
  }
  EXPECT_EQ(run({"snapshot", "info"}), 66);
  EXPECT_EQ(run({"people", "show", "bob@home.example"}), 0);
  EXPECT_TRUE(says("protection: protected (via Leaders"));
}

TEST_F(AdminCommandsTest, MakeAndEndAccountsAndTokens) {
  start_daemon();
  EXPECT_EQ(run({"setup-link"}), 0);
  EXPECT_TRUE(says("/setup#")) << out();
  EXPECT_EQ(run({"accounts", "add", "ada", "--role", "admin"}), 64);
  EXPECT_TRUE(says("--password-stdin")) << err();
  const std::string password = "correct horse battery\n";
  EXPECT_EQ(run({"accounts", "add", "ada", "--role", "admin", "--password-stdin"}, password), 0)
      << err();
  EXPECT_EQ(run({"accounts",
                 "add",
                 "bob",
                 "--role",
                 "viewer",
                 "--organization",
                 "contoso",
                 "--password-stdin"},
                password),
            0)
      << err();
  EXPECT_EQ(run({"accounts", "add", "eve", "--role", "viewer", "--password-stdin"}, "short\n"), 65);
  EXPECT_EQ(run({"setup-link"}), 65);
  EXPECT_EQ(run({"accounts", "disable", "ada"}), 65);
  EXPECT_TRUE(says("last enabled admin")) << err();
  EXPECT_EQ(run({"accounts", "disable", "bob"}), 0);
  EXPECT_EQ(run({"accounts", "list"}), 0);
  EXPECT_TRUE(says("disabled")) << out();
  EXPECT_EQ(run({"accounts", "enable", "bob"}), 0);
  EXPECT_EQ(run({"accounts", "password", "bob", "--password-stdin"}, "another password\n"), 0);
  EXPECT_EQ(run({"tokens", "add", "backup", "--account", "bob", "--days", "30", "--json"}), 0);
  const std::string id{json::parse(out()).at("id").as_string()};
  EXPECT_EQ(run({"tokens", "list"}), 0);
  EXPECT_TRUE(says(id) && says("contoso") && !says("fg_")) << out();
  EXPECT_EQ(run({"tokens", "revoke", id}), 0);
  EXPECT_EQ(run({"accounts", "remove", "bob"}), 0);
  EXPECT_EQ(run({"accounts", "remove", "bob"}), 66);
}

}  // namespace
}  // namespace directory
