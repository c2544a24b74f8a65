// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/check.h"

#include "gateway/settings.h"
#include "policy/config/problems.h"
#include "policy/exit_status.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>

namespace gateway {
namespace {

class CheckTest : public ::testing::Test {
 protected:
  CheckTest() {
    write("policy.yaml", "version: 1\n");
    settings_.policy = path("policy.yaml");
    settings_.decorations = path("decorations.txt");
    settings_.delegated_senders = path("delegated-senders.yaml");
    settings_.snapshot = path("snapshots");
  }

  std::filesystem::path path(std::string_view name) const { return folder_.path() / name; }

  void write(std::string_view name, std::string_view text) const {
    tests::write_file(path(name), text);
  }

  policy::ExitStatus checked() {
    policy::Problems problems;
    output_.str("");
    errors_.str("");
    return check(settings_, problems, output_, errors_);
  }

  tests::TemporaryFolder folder_;
  Settings settings_;
  std::ostringstream output_;
  std::ostringstream errors_;
};

TEST_F(CheckTest, EveryFileWithAnErrorIsTold) {
  write("policy.yaml", "version: 1\nmood: enforce\n");
  write("decorations.txt", "[decorations]\n42\n");
  write("delegated-senders.yaml",
        "version: 1\nservices: [{name: Mail, senders: [\"*@gmail.com\"]}]\n");
  EXPECT_EQ(checked(), policy::ExitStatus::kConfiguration);
  for (const std::string& expected :
       {path("policy.yaml").string() + ":2:1: ",
        path("decorations.txt").string() + ": line 2: ",
        path("delegated-senders.yaml").string() + ":2:35: anybody can get an address"}) {
    EXPECT_TRUE(errors_.str().contains(expected)) << expected << " is not in\n" << errors_.str();
  }
  EXPECT_EQ(output_.str(), "");
}

TEST_F(CheckTest, TenantsOfOutboundMailAreValidated) {
  settings_.outbound_tenants = path("tenants.yaml");
  EXPECT_EQ(checked(), policy::ExitStatus::kConfiguration);
  EXPECT_TRUE(errors_.str().contains(path("tenants.yaml").string() + ": cannot read it"))
      << errors_.str();
  write("tenants.yaml", "tenants: [1]\n");
  EXPECT_EQ(checked(), policy::ExitStatus::kConfiguration);
  EXPECT_TRUE(errors_.str().contains(":1:11: a tenant must be a mapping")) << errors_.str();
  write("tenants.yaml", "tenants: []\n");
  EXPECT_NE(checked(), policy::ExitStatus::kConfiguration);
  EXPECT_TRUE(output_.str().contains("outbound: mail of 0 tenants\n")) << output_.str();
}

TEST_F(CheckTest, WithoutDataFilesTheBuiltInOnesAreRight) {
  EXPECT_NE(checked(), policy::ExitStatus::kConfiguration);
  EXPECT_TRUE(output_.str().starts_with("policy: ")) << output_.str();
  EXPECT_TRUE(errors_.str().starts_with(path("snapshots").string())) << errors_.str();
}

}  // namespace
}  // namespace gateway
