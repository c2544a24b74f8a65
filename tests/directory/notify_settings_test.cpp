// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify_settings.h"

#include "directory/settings.h"
#include "policy/config/problems.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace directory {
namespace {

constexpr const char* kWebhook =
    "{name: soc, url: \"https://hooks.example.net/x?y=1\", secret: soc.secret}";
constexpr const char* kMail = "{name: admins, from: f@gw.example.net, to: root@example.net}";

std::string document(const std::string& webhook, const std::string& mail) {
  return "organizations:\n  - {name: contoso, domains: [contoso.com], directories: [{name: A, "
         "type: "
         "csv, path: a.csv}], protect: {groups: [G]}}\nnotify:\n  webhooks: [" +
         webhook + "]\n  mail: [" + mail + "]\n";
}

// What is wrong with it.
std::string problems_of(const std::string& text) {
  policy::Problems problems;
  const auto settings = parse_settings(text, "/etc/fromguard/directory.yaml", problems);
  EXPECT_FALSE(settings.has_value()) << text;
  return problems.text();
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

TEST(NotifySettings, AreReadWithTheirDefaults) {
  policy::Problems problems;
  const auto settings =
      parse_settings(document(kWebhook, kMail), "/etc/fromguard/directory.yaml", problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  const WebhookSettings& webhook = settings->notify.webhooks.at(0);
  EXPECT_EQ(webhook.secret, "/etc/fromguard/soc.secret");
  EXPECT_TRUE(webhook.takes_notifications);
  EXPECT_FALSE(webhook.takes_detections);
  EXPECT_TRUE(webhook.scope.organizations.empty());
  const MailSettings& mail = settings->notify.mail.at(0);
  EXPECT_EQ(mail.smtp.host, "127.0.0.1");
  EXPECT_EQ(mail.smtp.port, 25);
  EXPECT_EQ(mail.to, std::vector<std::string>{"root@example.net"});
  EXPECT_TRUE(mail.takes_notifications);
  EXPECT_EQ(mail.digest, MailSettings::Digest::kNone);
}

TEST(NotifySettings, EveryKeyIsTaken) {
  policy::Problems problems;
  const auto settings = parse_settings(
      document(
          replaced(kWebhook, "}", ", events: detection, organizations: contoso, ca: ca.pem}"),
          replaced(
              kMail, "}", ", smtp: \"[::1]:2525\", events: none, digest: weekly, at: \"23:30\"}")),
      "/etc/fromguard/directory.yaml",
      problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  EXPECT_EQ(problems.text(), "");
  const WebhookSettings& webhook = settings->notify.webhooks.at(0);
  EXPECT_FALSE(webhook.takes_notifications);
  EXPECT_TRUE(webhook.takes_detections);
  EXPECT_EQ(webhook.scope.organizations, std::set<std::string>{"contoso"});
  EXPECT_EQ(webhook.authorities, "/etc/fromguard/ca.pem");
  const MailSettings& mail = settings->notify.mail.at(0);
  EXPECT_FALSE(mail.takes_notifications);
  EXPECT_EQ(mail.digest, MailSettings::Digest::kWeekly);
  EXPECT_EQ(mail.digest_at, std::chrono::minutes{23 * 60 + 30});
}

TEST(NotifySettings, WhatIsWrongIsRefusedWithWhatWouldBeRight) {
  for (const auto& [what, by, said] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"https://", "http://", "in clear"},
           {"https://hooks", "ftp://hooks", "scheme"},
           {"name: soc, ", "", "'name'"},
           {", secret: soc.secret", "", "'secret'"},
           {"secret: soc.secret", "secret: s, events: [detections]", "no event here"},
           {"secret: soc.secret", "secret: s, organizations: [fabrikam]", "no organization"},
           {"secret: soc.secret", "secret: s, event: detection", "events"},
           {"name: admins", "name: soc", "two sinks"},
           {"from: f@gw.example.net", "from: gw.example.net", "gw.example.net"},
           {"from: f@gw.example.net", "smtp: \"192.0.2.1:25\", from: f@gw.example.net", "loopback"},
           {"to: root@example.net", "to: [\"<root@example.net>\"]", "root@example.net"},
           {"to: root@example.net", "to: r@example.net, at: \"7:00\", digest: daily", "07:00"},
           {"to: root@example.net", "to: r@example.net, digest: hourly", "hourly"},
           {"to: root@example.net",
            "to: r@example.net, events: [notification, none]",
            "not both"}}) {
    const std::string text = replaced(document(kWebhook, kMail), what, by);
    EXPECT_NE(problems_of(text).find(said), std::string::npos) << by << "\n" << problems_of(text);
  }
}

}  // namespace
}  // namespace directory
