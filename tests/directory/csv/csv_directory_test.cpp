// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/csv_directory.h"

#include "directory/people/directory_user.h"
#include "policy/config/problems.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

class CsvDirectoryTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "people.csv"; }

  policy::Result<std::uint64_t> read(std::string_view text) {
    tests::write_file(file(), text);
    users_.clear();
    problems_ = {};
    return read_csv_directory(
        file(), [&](const DirectoryUser& user) { users_.push_back(user); }, problems_);
  }

  // The problems of a file that must be refused, without the path before the line.
  std::string refusal(std::string_view text) {
    const auto result = read(text);
    EXPECT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, policy::ErrorCode::kInvalidInput);
    std::string told = problems_.text();
    for (std::size_t at = told.find(file().string()); at != std::string::npos;
         at = told.find(file().string())) {
      told.erase(at, file().string().size() + 1);
    }
    return told;
  }

  tests::TemporaryFolder folder_;
  std::vector<DirectoryUser> users_;
  policy::Problems problems_;
};

TEST_F(CsvDirectoryTest, ReadsEveryColumn) {
  const auto read_users = read(
      "\xef\xbb\xbf"
      "Display_Name,Email,Secondary_Emails,Groups,Given_Name,Surname\r\n"
      "\"Lovelace, \"\"Ada\"\" King\",Ada@Contoso.com,\"ada@home.example; \nada@b.example\","
      "Executives;Finance Team; ,Ada,Lovelace\r\n"
      "\r\n"
      "Bob,bob@contoso.com,,,,");
  ASSERT_TRUE(read_users.has_value()) << problems_.text();
  EXPECT_EQ(*read_users, 2U);
  EXPECT_EQ(problems_.text(), "");
  const DirectoryUser& ada = users_.at(0);
  EXPECT_EQ(ada.display_name, "Lovelace, \"Ada\" King");
  EXPECT_EQ(ada.given_name, "Ada");
  EXPECT_EQ(ada.surname, "Lovelace");
  EXPECT_EQ(ada.addresses,
            (std::vector<std::string>{"ada@contoso.com", "ada@home.example", "ada@b.example"}));
  EXPECT_EQ(ada.groups, (std::vector<std::string>{"Executives", "Finance Team"}));
  EXPECT_EQ(users_.at(1).addresses, std::vector<std::string>{"bob@contoso.com"});
}

TEST_F(CsvDirectoryTest, TakesColumnsInAnyCaseAndOrderAndWarnsOfOthers) {
  ASSERT_TRUE(read("phone,EMAIL,display name\n1,ada@contoso.com,Ada\n").has_value());
  EXPECT_EQ(users_.at(0).display_name, "Ada");
  EXPECT_NE(problems_.text().find("1: warning: column 'phone' is ignored"), std::string::npos)
      << problems_.text();
}

TEST_F(CsvDirectoryTest, TellsEveryBadRowByItsLine) {
  const std::string told = refusal(
      "Display_Name,Email,Secondary_Emails\n"
      "Ada,ada@contoso.com\n"
      "Bob,bob,\n"
      ",carl@contoso.com,\n"
      "\"Dora\"x,dora@contoso.com,\n"
      "Ed\"die,ed@contoso.com,\n"
      "\"Two\nlines\",two@contoso.com,\n"
      "\xff\xfe,eve@contoso.com,\n"
      "Good,good@contoso.com,\n"
      "Fay,fay@contoso.com,fay@\n"
      "Again,Good@contoso.com,\n"
      "\"Open,open@contoso.com,\n");
  EXPECT_EQ(users_.size(), 2U);
  for (const char* line : {"2: the row has 2 fields and the header 3",
                           "3: 'bob' is no mail address",
                           "4: Display_Name is empty",
                           "5: there is text after a quoted field",
                           "6: there is a quote in a field that is not quoted",
                           "7: Display_Name",
                           "is not UTF-8; save the file as UTF-8",
                           "11: 'fay@' is no mail address",
                           "12: 'good@contoso.com' is the Email of line 10 too",
                           "13: a quoted field is not closed"}) {
    EXPECT_NE(told.find(line), std::string::npos) << line << "\n" << told;
  }
}

TEST_F(CsvDirectoryTest, ShowsABoundedNumberOfBadRows) {
  std::string text = "Display_Name,Email\n";
  for (int i = 0; i < 1000; ++i) {
    text += "Ada,nobody\n";
  }
  EXPECT_NE(refusal(text).find("900 more are not shown"), std::string::npos);
  EXPECT_EQ(problems_.all().size(), 101U);
}

TEST_F(CsvDirectoryTest, NeedsAHeader) {
  EXPECT_NE(refusal("").find("1: the file is empty"), std::string::npos);
  EXPECT_NE(refusal("Ada,ada@contoso.com\n").find("lacks Display_Name or Email"),
            std::string::npos);
  EXPECT_NE(refusal("Display_Name,Email,email\n").find("is there twice"), std::string::npos);
  EXPECT_TRUE(read("Display_Name,Email\n").has_value());
}

TEST_F(CsvDirectoryTest, AnOpenQuoteDoesNotSwallowTheFile) {
  std::string text = "Display_Name,Email\n\"Ada,ada@contoso.com\n";
  for (int i = 0; text.size() < 3'000'000; ++i) {
    text += "Bob,b" + std::to_string(i) + "@contoso.com\n";
  }
  EXPECT_NE(refusal(text).find("2: it is over 1 MiB; check that each quote is closed"),
            std::string::npos);
  EXPECT_GT(users_.size(), 10'000U);
}

TEST_F(CsvDirectoryTest, CarriageReturnsAloneAndTooManyFieldsAreRefused) {
  EXPECT_NE(refusal("Display_Name,Email\rAda,ada@contoso.com\r").find("CR alone"),
            std::string::npos);
  EXPECT_NE(refusal("Display_Name,Email\n" + std::string(2000, ',') + "\n").find("1000 fields"),
            std::string::npos);
}

TEST_F(CsvDirectoryTest, AFileThatIsNotThereIsNotFound) {
  policy::Problems problems;
  const auto ignore = [](const DirectoryUser&) {};
  EXPECT_EQ(read_csv_directory(file(), ignore, problems).error().code,
            policy::ErrorCode::kNotFound);
  std::filesystem::create_directory(file());
  EXPECT_FALSE(read_csv_directory(file(), ignore, problems).has_value());
}

TEST_F(CsvDirectoryTest, AFileThatGrowsWhileItIsReadIsTriedAgainLater) {
  tests::write_file(file(), "Display_Name,Email\nAda,ada@contoso.com\n");
  policy::Problems problems;
  const auto result = read_csv_directory(
      file(),
      [&](const DirectoryUser&) {
        tests::write_file(file(), "Display_Name,Email\nAda,ada@contoso.com\nBob,b@contoso.com\n");
      },
      problems);
  EXPECT_EQ(result.error().code, policy::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace directory
