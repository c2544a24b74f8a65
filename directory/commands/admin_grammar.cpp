// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_grammar.h"

#include "directory/commands/admin_commands.h"

#include <array>
#include <span>
#include <vector>

namespace directory {
namespace {

using Kind = OptionGrammar::Kind;
using Arguments = std::vector<ArgumentGrammar>;
using Options = std::vector<OptionGrammar>;

constexpr std::array<GroupGrammar, 12> kGroups{
    {{"directories", "Where people come from"},
     {"groups", "Find groups and protect their members"},
     {"people", "Find people and protect them"},
     {"secondary-emails", "Private addresses that people may send from too"},
     {"domains", "Which imported domains are relayed, and where to"},
     {"connectors", "What Exchange Online sends and takes through the gateway"},
     {"posture", "What is set up weakly in a tenant"},
     {"messages", "Who has a message, and taking it out of their mailboxes"},
     {"accounts", "Who may sign in to the console"},
     {"tokens", "What programs show to use the API"},
     {"detections", "What the gateway has found"},
     {"snapshot", "The published generation in force; needs no running daemon"}}};

constexpr OptionGrammar kDirectory{
    "--directory", Kind::kValue, "Look in this directory alone: NAME or ORGANIZATION/NAME"};
constexpr OptionGrammar kLimit{"--limit", Kind::kValue, "Show at most so many, up to 1000"};
constexpr OptionGrammar kBefore{"--before", Kind::kValue, "Show those before this number"};
constexpr OptionGrammar kWait{
    "--wait", Kind::kFlag, "Wait until it has ended, and show how far it is"};
constexpr OptionGrammar kAcceptShrink{
    "--accept-shrink", Kind::kFlag, "Put the result in force although many are gone"};

constexpr OptionGrammar kPath{"--path", Kind::kFile, "The CSV file"};
constexpr OptionGrammar kCertificate{
    "--certificate", Kind::kFile, "PEM file with private key and certificate"};
constexpr OptionGrammar kSecret{"--secret", Kind::kFile, "File that holds the client secret"};
constexpr OptionGrammar kEvery{"--every", Kind::kValue, "How often it is read: 1h"};
constexpr OptionGrammar kFirst{
    "--first", Kind::kValue, "Who starts the first sync: manual or automatic"};
constexpr OptionGrammar kMaxShrink{
    "--max-shrink", Kind::kValue, "How much may be gone at once: 20%"};
constexpr OptionGrammar kTargetPerson{
    "--target-person", Kind::kList, "Read this person alone (principal name); may be repeated"};
constexpr OptionGrammar kTargetGroup{
    "--target-group", Kind::kList, "Read groups whose name begins so; may be repeated"};

constexpr OptionGrammar kFeature{
    "--feature", Kind::kList, "sync, posture, provision or pull; may be repeated"};

Arguments one(std::string_view name) {
  return {{.name = name, .is_required = true, .is_list = false}};
}

void add_directories(std::vector<CommandGrammar>& all) {
  const Options options{
      {"--type", Kind::kValue, "office365 or csv"},
      {"--organization", Kind::kValue, "Whose it is; not needed if there is one alone"},
      kPath,
      {"--tenant", Kind::kValue, "Id or initial domain of the tenant"},
      {"--client-id", Kind::kValue, "Application id"},
      kCertificate,
      kSecret,
      {"--cloud", Kind::kValue, "global, us-gov-high, us-gov-dod or china"},
      kFeature,
      kEvery,
      kFirst,
      kMaxShrink,
      kTargetPerson,
      kTargetGroup};
  all.push_back({{"directories", "list"}, "Show all directories", &directories_list, {}, {}});
  all.push_back(
      {{"directories", "add"}, "Add a directory", &directories_add, one("NAME"), options});
  all.push_back({{"directories", "edit"},
                 "Change how a directory that was added is read",
                 &directories_edit,
                 one("NAME"),
                 {kPath,
                  kCertificate,
                  kSecret,
                  kFeature,
                  kEvery,
                  kFirst,
                  kMaxShrink,
                  kTargetPerson,
                  kTargetGroup,
                  {"--all-targets", Kind::kFlag, "Read everybody from now on"}}});
  all.push_back({{"directories", "authorize"},
                 "Print the URL where an administrator of the tenant consents",
                 &directories_authorize,
                 one("NAME"),
                 {}});
  all.push_back({{"directories", "remove"},
                 "Remove a directory that was added, with what is known of it",
                 &directories_remove,
                 one("NAME"),
                 {{"--yes", Kind::kFlag, "Do not ask"}}});
  all.push_back({{"directories", "sync"},
                 "Read a directory now",
                 &directories_sync,
                 one("NAME"),
                 {{"--full", Kind::kFlag, "Read everything anew"}, kAcceptShrink, kWait}});
  all.push_back({{"directories", "provision"},
                 "Read the selected targets of a directory, or change to all",
                 &directories_provision,
                 one("NAME"),
                 {kAcceptShrink, kWait}});
}

void add_people(std::vector<CommandGrammar>& all) {
  const Options narrowed{kDirectory};
  const Options found{kDirectory, kLimit};
  all.push_back({{"groups", "search"}, "Find groups", &groups_search, one("TEXT"), found});
  all.push_back({{"groups", "show"},
                 "Show a group and its members",
                 &groups_show,
                 one("GROUP"),
                 {kDirectory, kLimit, {"--after", Kind::kValue, "Show members after this id"}}});
  all.push_back({{"groups", "protect"},
                 "Protect its members, now and later",
                 &groups_protect,
                 one("GROUP"),
                 narrowed});
  all.push_back({{"groups", "unprotect"},
                 "Take a group off the list",
                 &groups_unprotect,
                 one("GROUP"),
                 narrowed});
  all.push_back({{"people", "search"}, "Find people", &people_search, one("TEXT"), found});
  all.push_back({{"people", "show"}, "Show a person", &people_show, one("PERSON"), narrowed});
  all.push_back(
      {{"people", "protect"}, "Protect a person", &people_protect, one("PERSON"), narrowed});
  all.push_back({{"people", "unprotect"},
                 "Take a person off the list",
                 &people_unprotect,
                 one("PERSON"),
                 narrowed});
}

void add_secondary_emails(std::vector<CommandGrammar>& all) {
  const Options narrowed{kDirectory};
  const Arguments person_and_addresses{{.name = "PERSON", .is_required = true, .is_list = false},
                                       {.name = "ADDR", .is_required = true, .is_list = true}};
  all.push_back({{"secondary-emails", "list"},
                 "Show those of a person",
                 &secondary_emails_list,
                 one("PERSON"),
                 narrowed});
  all.push_back({{"secondary-emails", "add"},
                 "Add addresses to a person",
                 &secondary_emails_add,
                 person_and_addresses,
                 narrowed});
  all.push_back({{"secondary-emails", "remove"},
                 "Remove addresses",
                 &secondary_emails_remove,
                 person_and_addresses,
                 narrowed});
  all.push_back({{"secondary-emails", "import"},
                 "Add those in a CSV file (Email, Secondary_Emails), or one a line for --person",
                 &secondary_emails_import,
                 one("FILE"),
                 {{"--person", Kind::kValue, "Whose the addresses are; the file has one a line"}}});
  all.push_back({{"secondary-emails", "export"},
                 "Write those that were added as CSV, or one a line for PERSON",
                 &secondary_emails_export,
                 {{.name = "PERSON", .is_required = false, .is_list = false}},
                 narrowed});
}

void add_domains(std::vector<CommandGrammar>& all) {
  all.push_back({{"domains", "list"}, "Show all domains", &domains_list, {}, {}});
  all.push_back({{"domains", "check"},
                 "Look now whether its MX is the gateway, and its SPF permits it",
                 &domains_check,
                 one("DOMAIN"),
                 {}});
  all.push_back(
      {{"domains", "enable"}, "Relay mail for a domain", &domains_enable, one("DOMAIN"), {}});
  all.push_back(
      {{"domains", "disable"}, "Relay no more mail for it", &domains_disable, one("DOMAIN"), {}});
  all.push_back({{"domains", "next-hop"},
                 "Name where mail for a domain goes; an empty HOST: where the tenant says",
                 &domains_next_hop,
                 {{.name = "DOMAIN", .is_required = true, .is_list = false},
                  {.name = "HOST", .is_required = true, .is_list = false}},
                 {}});
}

constexpr OptionGrammar kTenant{
    "--directory",
    Kind::kValue,
    "Whose tenant: NAME or ORGANIZATION/NAME; not needed for one alone"};
constexpr OptionGrammar kYes{"--yes", Kind::kFlag, "Do not ask"};

void add_connector_steps(std::vector<CommandGrammar>& all) {
  const Options changing{kTenant, kYes};
  all.push_back({{"connectors", "enable-inbound"},
                 "Switch the inbound connector on, once a domain's MX points to the gateway",
                 &connectors_enable_inbound,
                 {},
                 changing});
  all.push_back({{"connectors", "lock"},
                 "Let Exchange reject all mail that does not come through the gateway",
                 &connectors_lock,
                 {},
                 changing});
  all.push_back({{"connectors", "unlock"},
                 "Let it take mail from everywhere again",
                 &connectors_unlock,
                 {},
                 changing});
  all.push_back({{"connectors", "enable-outbound"},
                 "Let the tenant's mail leave through the gateway, once SPF passes",
                 &connectors_enable_outbound,
                 {},
                 changing});
  all.push_back({{"connectors", "disable-outbound"},
                 "Let it leave directly again",
                 &connectors_disable_outbound,
                 {},
                 changing});
}

void add_connectors(std::vector<CommandGrammar>& all) {
  const Options asked{kTenant};
  const Options changing{kTenant, kYes};
  all.push_back({{"connectors", "list"}, "Show how far each tenant is", &connectors_list, {}, {}});
  all.push_back({{"connectors", "plan"},
                 "Show what would be made and changed; changes nothing",
                 &connectors_plan,
                 {},
                 asked});
  all.push_back(
      {{"connectors", "apply"},
       "Carry out a plan, and read again to prove it",
       &connectors_apply,
       {},
       {kTenant, {"--plan", Kind::kValue, "The id of the plan that was shown"}, kYes, kWait}});
  all.push_back({{"connectors", "verify"},
                 "Compare with what should be; fails on a difference",
                 &connectors_verify,
                 {},
                 asked});
  all.push_back({{"connectors", "remove"},
                 "Unlock, and remove what fromguard has made in the tenant",
                 &connectors_remove,
                 {},
                 changing});
  all.push_back({{"connectors", "script"},
                 "Print the same as PowerShell, to be run by a person",
                 &connectors_script,
                 {},
                 asked});
  all.push_back({{"connectors", "preflight"},
                 "Show whether the application may do all this; does nothing",
                 &connectors_preflight,
                 {},
                 asked});
}

void add_posture(std::vector<CommandGrammar>& all) {
  const Options filters{kDirectory,
                        {"--organization", Kind::kValue, "Those of this organization"},
                        {"--finding", Kind::kValue, "Those of this finding: dmarc-not-enforced"},
                        {"--category", Kind::kValue, "Those of this category: Email forwarding"},
                        {"--severity", Kind::kValue, "low, medium or high"},
                        {"--state", Kind::kValue, "open, resolved or not_evaluated"},
                        {"--text", Kind::kValue, "Text in the name of who or what it is about"}};
  Options shown = filters;
  shown.emplace_back("--limit", Kind::kValue, "Show at most so many; with --json it is all");
  Options exported = filters;
  exported.emplace_back("--format", Kind::kValue, "csv or json");
  exported.emplace_back("--output", Kind::kFile, "Write to this file");
  all.push_back({{"posture", "scan"},
                 "Look at a tenant now, or go on with a scan that was interrupted",
                 &posture_scan,
                 {},
                 {kDirectory, kWait}});
  all.push_back({{"posture", "status"}, "Show how the scans stand", &posture_status, {}, {}});
  all.push_back({{"posture", "findings"}, "Show what was found", &posture_findings, {}, shown});
  all.push_back({{"posture", "export"},
                 "Write what was found as CSV or JSON",
                 &posture_export,
                 {},
                 exported});
}

void add_messages(std::vector<CommandGrammar>& all) {
  const Options which{
      {"--message-id", Kind::kValue, "The message by its Message-ID; needs --rcpt"},
      {"--detection", Kind::kValue, "The message of this detection, in its recipients' mailboxes"},
      {"--rcpt", Kind::kList, "Address of a person or a group; may be repeated"},
      {"--sender", Kind::kValue, "Only copies whose From has this address"},
      {"--subject", Kind::kValue, "Only copies of this subject"},
      kTenant};
  Options pulled = which;
  pulled.emplace_back("--to", Kind::kValue, "quarantine (the default) or recoverable_items");
  pulled.push_back(kWait);
  all.push_back({{"messages", "find"}, "Show who has a message", &messages_find, {}, which});
  all.push_back({{"messages", "pull"},
                 "Move it from their mailboxes to a hidden folder",
                 &messages_pull,
                 {},
                 pulled});
  all.push_back(
      {{"messages", "list"}, "Show what was pulled", &messages_list, {}, {kLimit, kBefore}});
  all.push_back(
      {{"messages", "show"}, "Show what became of each copy", &messages_show, one("PULL"), {}});
  all.push_back({{"messages", "restore"},
                 "Move what was pulled back to where it was",
                 &messages_restore,
                 one("PULL"),
                 {kWait}});
}

void add_accounts(std::vector<CommandGrammar>& all) {
  constexpr OptionGrammar kPasswordStdin{
      "--password-stdin", Kind::kFlag, "Read the password from standard input, one line"};
  constexpr OptionGrammar kOrganization{
      "--organization", Kind::kList, "Only this organization; may be repeated"};
  all.push_back({{"accounts", "list"}, "Show all accounts", &accounts_list, {}, {}});
  all.push_back({{"accounts", "add"},
                 "Make an account; asks for its password",
                 &accounts_add,
                 one("NAME"),
                 {{"--role", Kind::kValue, "viewer, operator or admin"},
                  {"--display-name", Kind::kValue, "As people know them"},
                  kOrganization,
                  kPasswordStdin}});
  all.push_back({{"accounts", "remove"},
                 "Remove an account and its tokens",
                 &accounts_remove,
                 one("NAME"),
                 {}});
  all.push_back({{"accounts", "password"},
                 "Give an account a new password; signs it out everywhere",
                 &accounts_password,
                 one("NAME"),
                 {kPasswordStdin}});
  all.push_back({{"accounts", "disable"},
                 "Let an account and its tokens in no more",
                 &accounts_disable,
                 one("NAME"),
                 {}});
  all.push_back({{"accounts", "enable"}, "Let it in again", &accounts_enable, one("NAME"), {}});
  all.push_back(
      {{"tokens", "list"}, "Show all tokens, without their secrets", &tokens_list, {}, {}});
  all.push_back({{"tokens", "add"},
                 "Make a token and show its secret, once",
                 &tokens_add,
                 one("NAME"),
                 {{"--account", Kind::kValue, "Whose it is; it never has more than the account"},
                  {"--scope", Kind::kValue, "read (the default), operate or admin"},
                  {"--days", Kind::kValue, "How long it is good, up to 3650; for ever otherwise"},
                  kOrganization}});
  all.push_back({{"tokens", "revoke"}, "Let a token in no more", &tokens_revoke, one("ID"), {}});
  all.push_back({{"", "setup-link"},
                 "Print a new link to make the first account with, good for a day",
                 &make_set_up_link,
                 {},
                 {}});
}

void add_detections(std::vector<CommandGrammar>& all) {
  const Options filters{
      {"--organization", Kind::kValue, "Those of this organization"},
      {"--person", Kind::kValue, "Text in the name of the person"},
      {"--address", Kind::kValue, "Text in the shown address or the envelope sender"},
      {"--text", Kind::kValue, "Text in what is shown, in an address or an id of the message"},
      {"--finding", Kind::kValue, "protected_name, spoofed_address, ..."},
      {"--match", Kind::kValue, "exact, lookalike, ..., or none"},
      {"--action", Kind::kValue, "tag, quarantine, reject, ..."},
      {"--disposition", Kind::kValue, "malicious, suspicious, spoof, bulk or none"},
      {"--rule", Kind::kValue, "Those that this rule decided"},
      {"--since", Kind::kValue, "2026-11-22, 24h, 7d or seconds since 1970"},
      {"--until", Kind::kValue, "The same; not those of this second"}};
  Options listed = filters;
  listed.push_back(kLimit);
  listed.emplace_back("--before", Kind::kValue, "Show those before this id");
  all.push_back({{"detections", "list"}, "Show the newest", &detections_list, {}, listed});
  all.push_back(
      {{"detections", "show"}, "Show all that is known of one", &detections_show, one("ID"), {}});
  all.push_back({{"detections", "mark"},
                 "Say whether a finding was right",
                 &detections_mark,
                 {{.name = "ID", .is_required = true, .is_list = false},
                  {.name = "right|wrong", .is_required = true, .is_list = false}},
                 {{"--note", Kind::kValue, "Why, for those who come after"}}});
  all.push_back({{"detections", "unmark"}, "Take a mark back", &detections_unmark, one("ID"), {}});
  all.push_back({{"detections", "marks"},
                 "Show the marks, the newest finding first",
                 &detections_marks,
                 {},
                 {{"--verdict", Kind::kValue, "right or wrong"},
                  {"--organization", Kind::kValue, "Those of this organization"},
                  {"--export", Kind::kFlag, "Write them all as JSON Lines for tests/evaluation"},
                  kLimit,
                  {"--before", Kind::kValue, "Show those before this id"}}});
  all.push_back({{"detections", "watch"},
                 "Show new ones as they come, until interrupted",
                 &detections_watch,
                 {},
                 filters});
  const OptionGrammar organization{"--organization", Kind::kValue, "Those of this organization"};
  all.push_back({{"detections", "statistics"},
                 "Show how many there are of what, who is shown most often and by whom",
                 &detections_statistics,
                 {},
                 {organization,
                  {"--days", Kind::kValue, "Count so many days, 1 to 90; 30 without it"},
                  {"--mode", Kind::kValue, "monitor or enforce"}}});
  all.push_back({{"detections", "suggestions"},
                 "Show addresses that keep passing authentication under protected names",
                 &detections_suggestions,
                 {},
                 {organization}});
}

void add_records(std::vector<CommandGrammar>& all) {
  all.push_back({{"", "permissions"},
                 "Show what is needed in each tenant and what is granted",
                 &show_permissions,
                 {},
                 {kDirectory}});
  all.push_back(
      {{"", "notifications"},
       "Show what people should know or do; `sinks`: where it is sent to; `test`: send a test",
       &show_notifications,
       {{.name = "sinks|test", .is_required = false, .is_list = false},
        {.name = "NAME", .is_required = false, .is_list = false}},
       {kLimit, kBefore}});
  all.push_back({{"", "audit"}, "Show who has changed what", &show_audit, {}, {kLimit, kBefore}});
  all.push_back({{"", "status"}, "Show how the daemon is", &show_status, {}, {}});
  all.push_back({{"", "export"},
                 "Write what was added as YAML for directory.yaml",
                 &export_additions,
                 {},
                 {}});
  all.push_back(
      {{"snapshot", "info"}, "Show what the generation in force holds", &snapshot_info, {}, {}});
  all.push_back({{"snapshot", "verify"}, "Read all of it and check it", &snapshot_verify, {}, {}});
}

std::vector<CommandGrammar> whole_grammar() {
  std::vector<CommandGrammar> all;
  add_directories(all);
  add_people(all);
  add_secondary_emails(all);
  add_domains(all);
  add_connectors(all);
  add_connector_steps(all);
  add_posture(all);
  add_messages(all);
  add_accounts(all);
  add_detections(all);
  add_records(all);
  return all;
}

}  // namespace

std::span<const GroupGrammar> admin_groups() {
  return kGroups;
}

const std::vector<CommandGrammar>& admin_grammar() {
  static const std::vector<CommandGrammar> grammar = whole_grammar();
  return grammar;
}

}  // namespace directory
