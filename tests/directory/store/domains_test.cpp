// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using Strings = std::vector<std::string>;

class DomainsTest : public StoreTest {
 protected:
  Records records() { return Records{database()}; }

  static ImportedDomain domain(std::string_view name, std::string_view next_hop) {
    ImportedDomain made;
    made.domain = name;
    made.next_hop = next_hop;
    made.authentication_type = "Managed";
    return made;
  }

  Strings import(const DirectoryKey& source,
                 const std::vector<ImportedDomain>& domains,
                 std::int64_t now) {
    return records().import_domains(source, domains, now).value();
  }

  std::vector<ImportedDomain> all() { return records().domains().value(); }

  void enable(ImportedDomain domain) {
    domain.is_relay_enabled = true;
    domain.next_hop_override = "mx.operator.example";
    ASSERT_TRUE(records().put_domain(domain, "domain.enable", {.name = "root"}).has_value());
  }
};

TEST_F(DomainsTest, ComeWithRelayDisabledWhateverTheImportSays) {
  ImportedDomain told = domain("contoso.com", "mx.contoso.example");
  told.is_default = true;
  told.is_initial = true;
  told.is_relay_enabled = true;
  told.next_hop_override = "elsewhere.example";
  EXPECT_TRUE(import(key_, {told}, 100).empty());
  reopen();
  ASSERT_EQ(all().size(), 1U);
  const ImportedDomain read = all().front();
  EXPECT_EQ(read.domain, "contoso.com");
  EXPECT_EQ(read.source, key_);
  EXPECT_TRUE(read.is_default);
  EXPECT_TRUE(read.is_initial);
  EXPECT_EQ(read.authentication_type, "Managed");
  EXPECT_EQ(read.next_hop, "mx.contoso.example");
  EXPECT_TRUE(read.next_hop_override.empty());
  EXPECT_FALSE(read.is_relay_enabled);
  EXPECT_EQ(read.seen, 100);
  EXPECT_EQ(records().audit_log(10, 0).value().front().action, "domain.import");
}

TEST_F(DomainsTest, AnImportKeepsWhatPeopleHaveDecided) {
  import(key_, {domain("contoso.com", "old.example")}, 100);
  enable(all().front());
  import(key_, {domain("contoso.com", "new.example")}, 200);
  EXPECT_TRUE(all().front().is_relay_enabled);
  EXPECT_EQ(all().front().next_hop_override, "mx.operator.example");
  EXPECT_EQ(all().front().next_hop, "new.example");
  EXPECT_EQ(all().front().seen, 200);
  // A next hop that the tenant does not tell this time is not forgotten.
  import(key_, {domain("contoso.com", "")}, 300);
  EXPECT_EQ(all().front().next_hop, "new.example");
}

TEST_F(DomainsTest, OneThatIsGoneIsMarkedAndComesBackAsItWas) {
  import(key_, {domain("a.example", "x"), domain("b.example", "x")}, 100);
  enable(all().at(1));
  import(key_, {domain("a.example", "x")}, 200);
  EXPECT_FALSE(all().at(0).is_gone);
  EXPECT_TRUE(all().at(1).is_gone);
  EXPECT_TRUE(all().at(1).is_relay_enabled);
  EXPECT_EQ(all().at(1).seen, 100);
  import(key_, {domain("a.example", "x"), domain("b.example", "x")}, 300);
  EXPECT_FALSE(all().at(1).is_gone);
  EXPECT_TRUE(all().at(1).is_relay_enabled);
  EXPECT_EQ(all().at(1).seen, 300);
}

TEST_F(DomainsTest, OneOfAnotherDirectoryIsLeftAlone) {
  const DirectoryKey other{.organization = "fabrikam", .directory = "Office 365"};
  import(key_, {domain("shared.example", "mine")}, 100);
  EXPECT_EQ(import(other, {domain("shared.example", "theirs"), domain("b.example", "x")}, 200),
            Strings{"shared.example"});
  EXPECT_EQ(all().size(), 2U);
  EXPECT_EQ(all().at(1).source, key_);
  EXPECT_EQ(all().at(1).next_hop, "mine");
  // Nor is it gone when the other one has it no more.
  import(other, {domain("b.example", "x")}, 300);
  EXPECT_FALSE(all().at(1).is_gone);
}

TEST_F(DomainsTest, TheAuditLogHasWhatChangesAndNothingElse) {
  import(key_, {domain("a.example", "x")}, 100);
  import(key_, {domain("a.example", "x")}, 200);
  EXPECT_EQ(records().audit_log(10, 0).value().size(), 1U);
  enable(all().front());
  const AuditEntry entry = records().audit_log(10, 0).value().front();
  EXPECT_EQ(entry.who, "root");
  EXPECT_EQ(entry.action, "domain.enable");
  EXPECT_EQ(entry.subject, "a.example");
  EXPECT_EQ(entry.before, "relay disabled, next hop x");
  EXPECT_EQ(entry.after, "relay enabled, next hop x, next hop by operator mx.operator.example");
  import(key_, {}, 300);
  EXPECT_EQ(records().audit_log(10, 0).value().front().action, "domain.change");
  EXPECT_EQ(records().audit_log(10, 0).value().size(), 3U);
}

}  // namespace
}  // namespace directory
