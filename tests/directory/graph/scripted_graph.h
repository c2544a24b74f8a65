// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/graph_client.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "policy/event.h"
#include "tests/support/run_task.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// A JWT with these roles; its signature is none.
inline std::string scripted_token(int number) {
  // {"roles":["User.Read.All","Domain.Read.All"],"tid":"11111111-0000-4000-8000-000000000001"}
  return "e30.eyJyb2xlcyI6WyJVc2VyLlJlYWQuQWxsIiwiRG9tYWluLlJlYWQuQWxsIl0sInRpZCI6IjExMTExMTExLTAwM"
         "DAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSJ9." +
         std::to_string(number);
}

inline std::string token_body(int number, int lifetime = 3599) {
  return R"({"token_type":"Bearer","expires_in":)" + std::to_string(lifetime) +
         R"(,"access_token":")" + scripted_token(number) + "\"}";
}

inline std::string read_fixture(const std::string& name) {
  std::ifstream file{std::string{FROMGUARD_SOURCE_DIR "/tests/data/m365/"} + name,
                     std::ios::binary};
  EXPECT_TRUE(file.is_open()) << name;
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// A login service and a Graph in one scripted server, and a client of both.
class ScriptedGraphTest : public ::testing::Test {
 protected:
  ScriptedGraphTest() {
    const auto secret = folder_.path() / "secret";
    tests::write_file(secret, "s3cret value&=\nsecond line\n");
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    application_.tenant = "contoso.example";
    application_.client_id = "22222222-0000-4000-8000-000000000002";
    application_.credential.secret = secret;
    application_.cloud.login = server_.origin();
    application_.cloud.graph = server_.origin();
    application_.cloud.exchange = "https://exchange.example";
    http_ = HttpClient::open(io_.get_executor(), {}).value();
  }

  /// What Graph answers next; after the last, 500.
  void graph_answers(std::vector<tests::ScriptedAnswer> answers) {
    graph_.insert(graph_.end(), answers.begin(), answers.end());
  }

  /// What the login service answers next; after the last, tokens counted from 1.
  void login_answers(std::vector<tests::ScriptedAnswer> answers) {
    login_.insert(login_.end(), answers.begin(), answers.end());
  }

  TokenSource& tokens() {
    if (tokens_ == nullptr) {
      TokenSettings settings;
      settings.first_pause = std::chrono::milliseconds{1};
      settings.longest_pause = std::chrono::milliseconds{2};
      settings.key_pause = std::chrono::milliseconds{1};
      tokens_ = std::make_unique<TokenSource>(application_, *http_, log_, settings);
    }
    return *tokens_;
  }

  GraphClient& client() {
    if (client_ == nullptr) {
      GraphClient::Settings settings;
      settings.most_attempts = 3;
      settings.first_pause = std::chrono::milliseconds{1};
      settings.longest_pause = std::chrono::milliseconds{2};
      client_ = std::make_unique<GraphClient>(tokens(), *http_, log_, settings);
    }
    return *client_;
  }

  template <typename T>
  T run(Task<T> task) {
    return tests::run_task(io_, std::move(task));
  }

  /// Requests to Graph, or to the login service.
  std::vector<tests::RecordedRequest> requests(bool to_login = false) const {
    std::vector<tests::RecordedRequest> found;
    for (auto& request : server_.requests()) {
      if ((request.target.find("/oauth2/") != std::string::npos) == to_login) {
        found.push_back(std::move(request));
      }
    }
    return found;
  }

  tests::ScriptedAnswer answer_next(const tests::RecordedRequest& request) {
    const bool is_login = request.target.find("/oauth2/") != std::string::npos;
    std::deque<tests::ScriptedAnswer>& answers = is_login ? login_ : graph_;
    if (answers.empty()) {
      return is_login ? tests::answer(200, token_body(++tokens_issued_)) : tests::answer(500, "");
    }
    tests::ScriptedAnswer next = std::move(answers.front());
    answers.pop_front();
    return next;
  }

  tests::TemporaryFolder folder_;
  std::deque<tests::ScriptedAnswer> graph_;
  std::deque<tests::ScriptedAnswer> login_;
  int tokens_issued_ = 0;
  tests::ScriptedHttpServer server_{
      [this](const tests::RecordedRequest& request) { return answer_next(request); }};
  boost::asio::io_context io_;
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  Application application_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<TokenSource> tokens_;
  std::unique_ptr<GraphClient> client_;
};

}  // namespace directory
