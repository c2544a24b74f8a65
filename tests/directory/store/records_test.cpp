// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/records.h"

#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using Strings = std::vector<std::string>;

class RecordsTest : public StoreTest {
 protected:
  Records records() { return Records{database()}; }

  std::vector<AuditEntry> audit_log() { return records().audit_log(100, 0).value(); }

  [[nodiscard]] AddedProtection protection(ProtectionKind kind, std::string_view id) const {
    AddedProtection made;
    made.organization = key_.organization;
    made.kind = kind;
    made.directory = key_.directory;
    made.id = id;
    made.label = "Ada Lovelace";
    made.email = kind == ProtectionKind::kPerson ? "ada@contoso.com" : "";
    return made;
  }

  [[nodiscard]] AddedSecondaryEmails emails(const Strings& addresses) const {
    AddedSecondaryEmails made;
    made.organization = key_.organization;
    made.directory = key_.directory;
    made.id = "a";
    made.email = "ada@contoso.com";
    made.addresses = addresses;
    return made;
  }

  const Actor ada_{.name = "uid 1000 (ada)"};
};

// A damaged database is told of; it ends no daemon.
TEST_F(RecordsTest, AKeyThatCannotBeReadIsDamage) {
  for (const std::string& key :
       {std::string{"x"}, join_key({"contoso"}), join_key({"a", "b", "c", "d", "e"})}) {
    StateBatch batch;
    batch.put(Table::kProtections, key, "{}");
    batch.put(Table::kDirectories, key, "{}");
    ASSERT_TRUE(database().commit(std::move(batch)).has_value());
    EXPECT_EQ(records().protections().error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(records().directories().error().code, ErrorCode::kInvalidInput);
    StateBatch mended;
    mended.remove(Table::kProtections, key);
    mended.remove(Table::kDirectories, key);
    ASSERT_TRUE(database().commit(std::move(mended)).has_value());
  }
  EXPECT_TRUE(records().protections().value().empty());
}

TEST_F(RecordsTest, ADirectoryIsChangedWhereThereIsOne) {
  const auto changed = [&](const std::string& settings) {
    return records().change_directory({.key = key_, .settings = settings}, ada_);
  };
  EXPECT_EQ(changed("{}").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(records().add_directory({.key = key_, .settings = "{\"a\":1}"}, ada_).has_value());
  EXPECT_EQ(changed("{\"a\":2}").value(), "{\"a\":1}");
  EXPECT_EQ(records().directories().value().at(0).settings, "{\"a\":2}");
  EXPECT_EQ(audit_log().at(0).before, "{\"a\":1}");
}

TEST_F(RecordsTest, ProtectionIsAddedOnceAndRemovedOnce) {
  const AddedProtection person = protection(ProtectionKind::kPerson, "a");
  const AddedProtection group = protection(ProtectionKind::kGroup, "a");
  EXPECT_TRUE(records().add_protection(person, ada_).value());
  EXPECT_FALSE(records().add_protection(person, ada_).value());
  EXPECT_TRUE(records().add_protection(group, ada_).value());
  reopen();
  const auto all = records().protections().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at(0).kind, ProtectionKind::kGroup);
  EXPECT_EQ(all.at(1).kind, ProtectionKind::kPerson);
  EXPECT_EQ(all.at(1).organization, "contoso");
  EXPECT_EQ(all.at(1).directory, "Office 365");
  EXPECT_EQ(all.at(1).id, "a");
  EXPECT_EQ(all.at(1).label, "Ada Lovelace");
  EXPECT_EQ(all.at(1).email, "ada@contoso.com");
  EXPECT_TRUE(records().remove_protection(person, ada_).value());
  EXPECT_FALSE(records().remove_protection(person, ada_).value());
  EXPECT_EQ(records().protections().value().size(), 1U);
}

TEST_F(RecordsTest, TheAuditLogSaysWhoDidWhat) {
  const AddedProtection person = protection(ProtectionKind::kPerson, "a");
  EXPECT_TRUE(records().add_protection(person, ada_).value());
  EXPECT_FALSE(records().add_protection(person, ada_).value());
  EXPECT_TRUE(records().remove_protection(person, {.name = "root"}).value());
  const auto log = audit_log();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log.at(1).who, "uid 1000 (ada)");
  EXPECT_EQ(log.at(1).action, "person.protect");
  EXPECT_EQ(log.at(1).subject, "contoso/Office 365: Ada Lovelace <ada@contoso.com>");
  EXPECT_EQ(log.at(1).before, "");
  EXPECT_EQ(log.at(1).after, "protected");
  EXPECT_GT(log.at(1).time, 1'700'000'000);
  EXPECT_EQ(log.at(0).who, "root");
  EXPECT_EQ(log.at(0).action, "person.unprotect");
  EXPECT_EQ(log.at(0).before, "protected");
  EXPECT_EQ(log.at(0).after, "");
}

TEST_F(RecordsTest, TheAuditLogComesInPagesAndItsNumbersAscend) {
  for (int i = 0; i < 300; ++i) {
    AuditEntry entry;
    entry.time = i;
    entry.who = "root";
    entry.action = "test";
    ASSERT_TRUE(records().audit(entry).has_value());
  }
  reopen();
  const auto first = records().audit_log(200, 0).value();
  ASSERT_EQ(first.size(), 200U);
  EXPECT_EQ(first.front().number, 300U);
  EXPECT_EQ(first.back().number, 101U);
  EXPECT_EQ(first.back().time, 100);
  const auto second = records().audit_log(200, first.back().number).value();
  ASSERT_EQ(second.size(), 100U);
  EXPECT_EQ(second.front().number, 100U);
  EXPECT_EQ(second.back().number, 1U);
}

TEST_F(RecordsTest, SecondaryEmailsAreReplacedAndRemoved) {
  ASSERT_TRUE(records()
                  .put_secondary_emails(emails({"a@home.example", "b@home.example"}), ada_)
                  .has_value());
  ASSERT_TRUE(records().put_secondary_emails(emails({"c@home.example"}), ada_).has_value());
  reopen();
  const auto all = records().secondary_emails().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().organization, "contoso");
  EXPECT_EQ(all.front().directory, "Office 365");
  EXPECT_EQ(all.front().id, "a");
  EXPECT_EQ(all.front().email, "ada@contoso.com");
  EXPECT_EQ(all.front().addresses, Strings{"c@home.example"});
  EXPECT_EQ(audit_log().front().before, "a@home.example, b@home.example");
  EXPECT_EQ(audit_log().front().after, "c@home.example");
  EXPECT_EQ(audit_log().front().subject, "contoso/Office 365: ada@contoso.com");
  ASSERT_TRUE(records().put_secondary_emails(emails({}), ada_).has_value());
  EXPECT_TRUE(records().secondary_emails().value().empty());
  EXPECT_EQ(audit_log().size(), 3U);
}

TEST_F(RecordsTest, ADirectoryIsAddedOnce) {
  ASSERT_TRUE(records().add_directory({.key = key_, .settings = "type: csv\n"}, ada_).has_value());
  const auto again = records().add_directory({.key = key_, .settings = "type: csv\n"}, ada_);
  EXPECT_EQ(again.error().code, ErrorCode::kBusy);
  reopen();
  const auto all = records().directories().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().key, key_);
  EXPECT_EQ(all.front().settings, "type: csv\n");
  EXPECT_EQ(audit_log().size(), 1U);
  EXPECT_EQ(audit_log().front().action, "directory.add");
}

TEST_F(RecordsTest, ADirectoryTakesWhatHangsOnItAlong) {
  DirectoryKey other = key_;
  other.directory = "Office";
  for (const DirectoryKey& key : {key_, other}) {
    ASSERT_TRUE(records().add_directory({.key = key, .settings = "x: y\n"}, ada_).has_value());
    AddedProtection person = protection(ProtectionKind::kPerson, "a");
    AddedProtection group = protection(ProtectionKind::kGroup, "g");
    AddedSecondaryEmails home = emails({"a@home.example"});
    person.directory = group.directory = home.directory = key.directory;
    EXPECT_TRUE(records().add_protection(person, ada_).value());
    EXPECT_TRUE(records().add_protection(group, ada_).value());
    EXPECT_TRUE(records().put_secondary_emails(home, ada_).has_value());
    ImportedDomain domain;
    domain.domain = key == key_ ? "a.example" : "b.example";
    EXPECT_TRUE(records().import_domains(key, {domain}, 1).has_value());
  }
  ASSERT_TRUE(records().remove_directory(key_, ada_).has_value());
  EXPECT_EQ(records().remove_directory(key_, ada_).error().code, ErrorCode::kNotFound);
  ASSERT_EQ(records().directories().value().size(), 1U);
  EXPECT_EQ(records().directories().value().front().key, other);
  ASSERT_EQ(records().protections().value().size(), 2U);
  EXPECT_EQ(records().protections().value().front().directory, "Office");
  ASSERT_EQ(records().secondary_emails().value().size(), 1U);
  EXPECT_EQ(records().secondary_emails().value().front().directory, "Office");
  ASSERT_EQ(records().domains().value().size(), 1U);
  EXPECT_EQ(records().domains().value().front().domain, "b.example");
  EXPECT_EQ(audit_log().front().action, "directory.remove");
  EXPECT_EQ(audit_log().front().before, "x: y\n");
}

}  // namespace
}  // namespace directory
