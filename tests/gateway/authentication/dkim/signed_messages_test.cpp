// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_key.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/helper/helper_process.h"
#include "gateway/authentication/helper/library_checks.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

struct SignedMessage {
  std::vector<std::string> fields;  // without the signature, which was the first
  std::string signature;
  std::string body;
};

// Each field without its last line end.
SignedMessage split(std::string_view message) {
  SignedMessage parts;
  const std::size_t end = message.find("\r\n\r\n");
  parts.body = message.substr(end + 4);
  std::string_view header = message.substr(0, end + 2);
  while (!header.empty()) {
    std::size_t next = header.find("\r\n");
    while (next + 2 < header.size() && (header[next + 2] == ' ' || header[next + 2] == '\t')) {
      next = header.find("\r\n", next + 2);
    }
    parts.fields.emplace_back(header.substr(0, next));
    header.remove_prefix(next + 2);
  }
  parts.signature = parts.fields.front();
  parts.fields.erase(parts.fields.begin());
  return parts;
}

// Signed once by dkimpy 1.1.4 with RSA and Ed25519, relaxed and simple.
TEST(SignedMessages, OfAnotherSignerPassAndTamperedOnesFail) {
  std::ifstream file{FROMGUARD_SOURCE_DIR
                     "/tests/gateway/authentication/dkim/signed_messages.jsonl"};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  const auto helper = HelperProcess::start(FROMGUARD_HELPER, deadline).value();
  int messages = 0;
  for (std::string line; std::getline(file, line); ++messages) {
    const boost::json::value row = boost::json::parse(line);
    const std::string_view name = row.at("name").as_string();
    const SignedMessage parts = split(row.at("message").as_string());
    const auto signature = parse_dkim_signature(
        std::string_view{parts.signature}.substr(parts.signature.find(':') + 1),
        std::chrono::system_clock::now());
    ASSERT_TRUE(signature.has_value()) << name;
    DnsAnswer key;
    key.status = DnsStatus::kFound;
    key.texts.emplace_back(row.at("key").as_string());
    const DkimTask task{.fields = parts.fields,
                        .signatures = {signature_task(parts.signature, key)}};
    const auto verify = [&](const std::string& body) {
      const auto facts = verify_dkim(*helper, task, std::vector{body}, deadline);
      return facts.has_value() ? dkim_result(*signature, facts->front()) : DkimResult::kTempError;
    };
    EXPECT_EQ(verify(parts.body), DkimResult::kPass) << name;
    EXPECT_EQ(verify(parts.body + "P.S. to another account\r\n"), DkimResult::kFail) << name;
  }
  EXPECT_EQ(messages, 8);
}

}  // namespace
}  // namespace gateway
