// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/settings.h"

#include "directory/directory_settings.h"
#include "policy/config/problems.h"
#include "policy/name/nickname_table.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kGood = R"(
state: state
snapshots: /srv/snapshots
organizations:
  - name: contoso
    domains: [Contoso.COM, a.example]
    directories:
      - {name: HR, type: csv, path: people.csv, sync: {every: 5m}}
      - {name: Contractors, type: csv, path: /srv/contractors.csv}
    protect: {groups: [Executives], people: [Ada@contoso.com], role_mailboxes: "Accounts Payable"}
    secondary_emails: {ada@contoso.com: [Ada@home.example], bob@contoso.com: bob@home.example}
)";

std::string with(std::string_view what, std::string_view by) {
  std::string text{kGood};
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

// What is told about this text, one problem a line; it must be refused.
std::string refusal(const std::string& text) {
  policy::Problems problems;
  EXPECT_FALSE(parse_settings(text, "/etc/fromguard/directory.yaml", problems).has_value()) << text;
  return problems.text();
}

TEST(Settings, AreReadWithTheirDefaults) {
  policy::Problems problems;
  const auto settings = parse_settings(kGood, "/etc/fromguard/directory.yaml", problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(settings->state, "/etc/fromguard/state");
  EXPECT_EQ(settings->snapshots, "/srv/snapshots");
  EXPECT_EQ(settings->keep_generations, 3U);
  const OrganizationSettings& contoso = settings->organizations.at(0);
  EXPECT_EQ(contoso.domains, (std::vector<std::string>{"a.example", "contoso.com"}));
  EXPECT_EQ(std::get<CsvSource>(contoso.directories.at(0).source).path,
            "/etc/fromguard/people.csv");
  EXPECT_EQ(contoso.directories.at(0).sync.every, std::chrono::minutes{5});
  EXPECT_EQ(std::get<CsvSource>(contoso.directories.at(1).source).path, "/srv/contractors.csv");
  EXPECT_EQ(contoso.directories.at(1).sync.every, std::chrono::hours{1});
  EXPECT_EQ(contoso.protect.people, std::vector<std::string>{"ada@contoso.com"});
  EXPECT_EQ(contoso.protect.role_mailboxes, std::vector<std::string>{"Accounts Payable"});
  EXPECT_EQ(contoso.secondary_emails.at("ada@contoso.com"),
            std::vector<std::string>{"ada@home.example"});
  EXPECT_EQ(contoso.secondary_emails.at("bob@contoso.com"),
            std::vector<std::string>{"bob@home.example"});
}

TEST(Settings, TheShippedFileWaitsForAnOrganizationAlone) {
  policy::Problems problems;
  const auto settings = load_settings(FROMGUARD_SOURCE_DIR "/conf/directory.yaml", problems);
  EXPECT_FALSE(settings.has_value());
  ASSERT_EQ(problems.all().size(), 1U);
  EXPECT_NE(problems.text().find("'organizations' must be a list of at least one organization"),
            std::string::npos);
}

TEST(Settings, NicknamesBesideTheFileReplaceTheBuiltInOnes) {
  const tests::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "directory.yaml";
  std::ofstream{file} << "organizations:\n- name: contoso\n  domains: [contoso.com]\n"
                         "  directories: [{name: HR, type: csv, path: people.csv}]\n";
  const auto relatives = [&](std::string_view name) {
    policy::Problems problems;
    const auto settings = load_settings(file, problems);
    return settings.has_value() ? settings->organizations.at(0).nicknames->relatives_of(name)
                                : std::vector<std::string>{problems.text()};
  };
  const std::vector<std::string> built_in = relatives("robert");
  EXPECT_NE(std::ranges::find(built_in, "bob"), built_in.end());
  std::ofstream{folder.path() / "nicknames.txt"} << "robert: bertie\n";
  EXPECT_EQ(relatives("robert"), std::vector<std::string>{"bertie"});
  std::ofstream{folder.path() / "nicknames.txt"} << "robert\n";
  EXPECT_NE(relatives("robert").at(0).find("nicknames.txt"), std::string::npos);
}

TEST(Settings, OffLoopbackTheApiNeedsTls) {
  const auto api = [](std::string_view keys) {
    return with("state: state", "state: state\napi: {" + std::string{keys} + "}");
  };
  policy::Problems problems;
  const auto settings = parse_settings(
      api("listen: \"192.0.2.1:8443\", tls: {certificate: tls/chain.pem, key: key.pem}"),
      "/etc/fromguard/directory.yaml",
      problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  EXPECT_EQ(settings->api.listen_address, "192.0.2.1");
  EXPECT_EQ(settings->api.listen_port, 8443);
  ASSERT_TRUE(settings->api.tls.has_value());
  EXPECT_EQ(settings->api.tls->certificate, "/etc/fromguard/tls/chain.pem");
  EXPECT_EQ(settings->api.tls->key, "/etc/fromguard/key.pem");
  EXPECT_TRUE(parse_settings(api("listen: \"127.0.0.1:8480\""), "d.yaml", problems).has_value());
  const std::string in_clear = refusal(api("listen: \"192.0.2.1:8443\""));
  EXPECT_NE(in_clear.find(":3:15: 'listen' is no loopback address"), std::string::npos) << in_clear;
  EXPECT_NE(in_clear.find("'tls'"), std::string::npos);
  EXPECT_NE(refusal(api("listen: \"192.0.2.1:8443\", tls: {certificate: a.pem}"))
                .find("'key' is missing"),
            std::string::npos);
  EXPECT_NE(refusal(api("listen: \"192.0.2.1:8443\", tls: {certificate: a.pem, key: \"\"}"))
                .find("is empty"),
            std::string::npos);
}

TEST(Settings, TheConsoleIsWherePeopleReachIt) {
  ApiSettings api;
  EXPECT_EQ(console_url(api), "");
  api.listen_address = "127.0.0.1";
  api.listen_port = 8480;
  EXPECT_EQ(console_url(api), "http://127.0.0.1:8480");
  api.listen_address = "::1";
  EXPECT_EQ(console_url(api), "http://[::1]:8480");
  api.listen_address = "192.0.2.1";
  api.tls = TlsFiles{};
  EXPECT_EQ(console_url(api), "https://192.0.2.1:8480");
  api.listen_address = "0.0.0.0";
  EXPECT_EQ(console_url(api), "");
  api.public_url = "https://fromguard.example.net";
  EXPECT_EQ(console_url(api), "https://fromguard.example.net");
}

TEST(Settings, SayWhereMetricsAre) {
  policy::Problems problems;
  const auto settings =
      parse_settings(with("state: state", "metrics: '[::1]:9812'"), "d.yaml", problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  ASSERT_TRUE(settings->metrics.has_value());
  EXPECT_EQ(settings->metrics->host, "::1");
  EXPECT_EQ(settings->metrics->port, 9812);
  EXPECT_FALSE(
      parse_settings(with("state: state", "metrics: 9812"), "d.yaml", problems).has_value());
  EXPECT_NE(problems.text().find("d.yaml:2:10: '9812' is no address"), std::string::npos)
      << problems.text();
}

TEST(Settings, SayHowConnectorsAreMade) {
  policy::Problems problems;
  const std::string usual = with("state: state", "state: state");
  const auto settings = parse_settings(
      usual +
          "    exchange:\n      mode: enhanced\n      inbound: {certificate: \"*.GW.example\"}\n"
          "      outbound: {addresses: [192.0.2.9], smart_host: out.gw.example}\n"
          "      tenant_header: X-Contoso\n",
      "d.yaml",
      problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  const ExchangeSettings& exchange = settings->organizations.back().exchange;
  EXPECT_EQ(exchange.mode, ExchangeSettings::Mode::kEnhanced);
  EXPECT_EQ(exchange.inbound_certificate, "*.gw.example");
  EXPECT_EQ(exchange.outbound_addresses, std::vector<std::string>{"192.0.2.9"});
  EXPECT_EQ(exchange.smart_host, "out.gw.example");
  EXPECT_EQ(exchange.tenant_header, "X-Contoso");
  for (const auto& [lines, why] :
       {std::pair{"inbound: {addresses: [\"2001:db8::1\"]}", "IPv4 alone"},
        std::pair{"mode: both", "bypass"},
        std::pair{"tenant_header: X-MS-Mine", "begins with X-"},
        std::pair{"tenant_header: \"X-A: b\"", "letters, digits and hyphens"},
        std::pair{"inbound: {certificate: \"no host!\"}", "no domain name"}}) {
    policy::Problems wrong;
    const std::string text = usual + "    exchange: {" + lines + "}\n";
    EXPECT_FALSE(parse_settings(text, "d.yaml", wrong).has_value()) << lines;
    EXPECT_NE(wrong.text().find(why), std::string::npos) << wrong.text();
  }
}

TEST(Settings, SayWhatTheWorldSeesOfTheGateway) {
  policy::Problems problems;
  const std::string keys =
      "dns: {timeout: 2s, servers: [\"127.0.0.1:5353\"]}\n"
      "gateway_addresses: [192.0.2.10, \"2001:db8::/64\"]\n"
      "gateway_hostname: GW.Example.NET.\n";
  const auto settings = parse_settings(keys + std::string{kGood}, "d.yaml", problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  EXPECT_EQ(settings->dns.timeout, std::chrono::seconds{2});
  EXPECT_EQ(settings->dns.servers, std::vector<std::string>{"127.0.0.1:5353"});
  EXPECT_EQ(settings->gateway_addresses, (std::vector<std::string>{"192.0.2.10", "2001:db8::/64"}));
  EXPECT_EQ(settings->gateway_hostname, "gw.example.net");
  for (const auto& [wrong, told] : std::vector<std::pair<std::string, std::string>>{
           {"dns: {servers: [ns.example.net]}\n", "is no name server"},
           {"dns: {timeout: 31s}\n", "between 100ms and 30s"},
           {"gateway_addresses: [192.0.2.0/33]\n", "is no network"},
           {"gateway_hostname: \"two words\"\n", "two words"}}) {
    EXPECT_NE(refusal(wrong + std::string{kGood}).find(told), std::string::npos) << wrong;
  }
}

TEST(Settings, SayWhereTheGatewaysDetectionsAre) {
  policy::Problems problems;
  const auto settings =
      parse_settings(with("state: state", "detections: kept"), "/etc/d.yaml", problems);
  EXPECT_TRUE(problems.all().empty()) << problems.text();
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->detections, "/etc/kept");
  EXPECT_NE(refusal(with("state: state", "detections: /srv/snapshots")).find("a folder of its own"),
            std::string::npos);
}

TEST(Settings, AllErrorsAreToldAtTheirPlaces) {
  const std::string told = refusal(
      "stat: x\norganizations:\n  - name: a\n    domains: [not a domain]\n    directories:\n"
      "      - {name: HR, type: csv, path: x, sync: {evry: 5m}}\n"
      "    protect: {people: [ada]}\n");
  EXPECT_NE(told.find("directory.yaml:1:1: "), std::string::npos) << told;
  EXPECT_NE(told.find("directory.yaml:4:15: "), std::string::npos) << told;
  EXPECT_NE(told.find("directory.yaml:6:47: "), std::string::npos) << told;
  EXPECT_NE(told.find("'every'"), std::string::npos) << told;
  EXPECT_NE(told.find("directory.yaml:7:24: "), std::string::npos) << told;
}

constexpr std::string_view kOffice365 = R"(
organizations:
  - name: contoso
    directories:
      - name: Office 365
        type: office365
        tenant: contoso.onmicrosoft.example
        client_id: 22222222-2222-2222-2222-222222222222
        credential: {certificate: contoso.pem}
        sync: {every: 30m, max_shrink: 5%}
    protect: {groups: [Executives]}
)";

std::string office365_with(std::string_view what, std::string_view by) {
  std::string text{kOffice365};
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

DirectorySettings office365(const std::string& text) {
  policy::Problems problems;
  const auto settings = parse_settings(text, "/etc/fromguard/directory.yaml", problems);
  EXPECT_TRUE(settings.has_value()) << problems.text();
  return settings.has_value() ? settings->organizations.at(0).directories.at(0)
                              : DirectorySettings{};
}

TEST(Settings, Office365DirectoriesAreRead) {
  const DirectorySettings directory = office365(std::string{kOffice365});
  const auto& source = std::get<Office365Source>(directory.source);
  EXPECT_EQ(source.application.tenant, "contoso.onmicrosoft.example");
  EXPECT_EQ(source.application.credential.certificate, "/etc/fromguard/contoso.pem");
  EXPECT_EQ(source.application.cloud.login, "https://login.microsoftonline.com");
  EXPECT_EQ(source.features, std::set{Feature::kSync});
  EXPECT_EQ(directory.sync.every, std::chrono::minutes{30});
  EXPECT_EQ(directory.sync.first, FirstSync::kManual);
  EXPECT_EQ(directory.sync.max_shrink, 5);
  EXPECT_FALSE(directory.sync.targets.has_value());
}

TEST(Settings, AnOwnCloudIsGivenByUrlsThatAreHttpsOffLoopback) {
  const auto cloud = [](std::string_view login) {
    return office365_with("        sync:",
                          "        cloud: {login: \"" + std::string{login} +
                              "\", graph: \"https://g.example\", exchange: "
                              "\"https://e.example\", ca: ca.pem}\n        sync:");
  };
  const DirectorySettings directory = office365(cloud("http://127.0.0.1:8080/"));
  const auto& read = std::get<Office365Source>(directory.source).application.cloud;
  EXPECT_EQ(read.login, "http://127.0.0.1:8080");
  EXPECT_EQ(read.graph, "https://g.example");
  EXPECT_EQ(read.authorities, "/etc/fromguard/ca.pem");
  EXPECT_NE(refusal(cloud("http://login.example")).find("https://"), std::string::npos);
  EXPECT_NE(refusal(cloud("https://login.example/path")).find("without path"), std::string::npos);
}

TEST(Settings, SelectedTargetsAreAHundredAtMostAndNamedWell) {
  const auto targets = [](const std::string& text) {
    return office365_with("max_shrink: 5%", "targets: " + text);
  };
  const DirectorySettings directory =
      office365(targets("{people: [ada@contoso.com], groups: [Exec]}"));
  ASSERT_TRUE(directory.sync.targets.has_value());
  EXPECT_EQ(directory.sync.targets->people, std::vector<std::string>{"ada@contoso.com"});
  EXPECT_FALSE(office365(targets("all")).sync.targets.has_value());
  EXPECT_NE(refusal(targets("{groups: [Ex]}")).find("three characters"), std::string::npos);
  EXPECT_NE(refusal(targets("some")), "");
  EXPECT_NE(refusal(targets("{}")), "");
  std::string many = "{people: [a@b.example";
  for (int i = 0; i < 100; ++i) {
    many += ", a" + std::to_string(i) + "@b.example";
  }
  EXPECT_NE(refusal(targets(many + "]}")).find("at most 100"), std::string::npos);
}

TEST(Settings, WhatIsWrongWithAnOffice365DirectoryIsTold) {
  for (const auto& [what, by] : std::vector<std::pair<std::string, std::string>>{
           {"tenant: contoso.onmicrosoft.example", "tenant: \"\""},
           {"{certificate: contoso.pem}", "{certificate: a.pem, secret: b}"},
           {"{certificate: contoso.pem}", "{}"},
           {"every: 30m", "first: never"},
           {"max_shrink: 5%", "max_shrink: 5"},
           {"        sync:", "        cloud: moon\n        sync:"},
           {"        sync:", "        features: [sync, fly]\n        sync:"}}) {
    EXPECT_NE(refusal(office365_with(what, by)), "") << by;
  }
}

TEST(Settings, AnAddedDirectoryIsReadFromItsMapping) {
  const auto added =
      parse_directory_settings(R"({"name": "Staff", "type": "csv", "path": "staff.csv"})", "/srv");
  ASSERT_TRUE(added.has_value());
  EXPECT_FALSE(added->is_declared);
  EXPECT_EQ(std::get<CsvSource>(added->source).path, "/srv/staff.csv");
  EXPECT_FALSE(parse_directory_settings("{name: Staff, type: csv}", "/srv").has_value());
}

TEST(Settings, NamesAndDomainsAreUnique) {
  EXPECT_NE(refusal(with("name: Contractors", "name: HR")).find("two directories 'HR'"),
            std::string::npos);
  const std::string second =
      "  - {name: fabrikam, domains: [a.example], directories: [{name: A, type: csv, path: x}],"
      " protect: {groups: [G]}}\n";
  EXPECT_NE(refusal(std::string{kGood} + second).find("belongs to organization 'contoso' already"),
            std::string::npos);
  EXPECT_NE(refusal(std::string{kGood} +
                    "  - {name: contoso, domains: [b.example], directories: [{name: A, type: csv,"
                    " path: x}], protect: {groups: [G]}}\n")
                .find("two organizations 'contoso'"),
            std::string::npos);
}

TEST(Settings, WhatIsMissingOrWrongIsRefused) {
  for (const auto& [what, by] : std::vector<std::pair<std::string, std::string>>{
           {"  - name: contoso\n", "  - label: contoso\n"},
           {"    domains: [Contoso.COM, a.example]\n", ""},
           {"type: csv, path: people.csv,", "type: csv,"},
           {"type: csv, path: people.csv,", "type: ldap, path: people.csv,"},
           {"every: 5m", "every: 5"},
           {"every: 5m", "every: 10ms"},
           {"state: state", "keep_generations: 1"},
           {"state: state", "state: /srv/snapshots"},
           {"groups: [Executives]", "groups: [\"\"]"},
           {"{ada@contoso.com: [Ada@home.example]", "{ada: [Ada@home.example]"},
           {"[Ada@home.example]", "[home.example]"},
           {"bob@contoso.com: bob", "ADA@contoso.com: bob"}}) {
    EXPECT_NE(refusal(with(what, by)), "") << by;
  }
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal("organizations: []\n"), "");
  EXPECT_NE(refusal("organizations: contoso\n"), "");
  EXPECT_NE(refusal("- a\n"), "");
}

}  // namespace
}  // namespace directory
