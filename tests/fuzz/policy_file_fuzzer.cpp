// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/policy.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_text.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace {

// A policy of this text, or what is wrong with it.
std::optional<policy::Policy> read(std::string_view text) {
  constexpr std::chrono::sys_days kDay{std::chrono::days{20000}};
  policy::Problems problems;
  auto read = policy::Policy::parse(text, "/nonexistent/policy.yaml", problems, kDay);
  check_told(read.has_value(), problems);
  return read;
}

constexpr auto kPieces = joined(kPiecesOfYaml,
                                std::to_array<std::string_view>({"action: ",
                                                                 "anyone: ",
                                                                 "authenticated: ",
                                                                 "authentication: ",
                                                                 "code: ",
                                                                 "delegated_senders: ",
                                                                 "direction: ",
                                                                 "disposition: ",
                                                                 "entries: ",
                                                                 "exceptions: ",
                                                                 "exempt: ",
                                                                 "expires: ",
                                                                 "fields: ",
                                                                 "file: ",
                                                                 "findings: ",
                                                                 "from: ",
                                                                 "group: ",
                                                                 "groups: ",
                                                                 "headers: ",
                                                                 "lists: ",
                                                                 "local_part: ",
                                                                 "matches: ",
                                                                 "mode: ",
                                                                 "name: ",
                                                                 "nickname: ",
                                                                 "organizations: ",
                                                                 "owner: ",
                                                                 "people: ",
                                                                 "person: ",
                                                                 "really: ",
                                                                 "reason: ",
                                                                 "recipients: ",
                                                                 "require: ",
                                                                 "rules: ",
                                                                 "self_mail: ",
                                                                 "shadow: ",
                                                                 "stamp: ",
                                                                 "subject_prefix: ",
                                                                 "text: ",
                                                                 "then: ",
                                                                 "to: ",
                                                                 "trusted_authserv_ids: ",
                                                                 "trusted_relays: ",
                                                                 "typo: ",
                                                                 "version: ",
                                                                 "when: ",
                                                                 "accept",
                                                                 "address",
                                                                 "all",
                                                                 "always",
                                                                 "ambiguous_from",
                                                                 "bulk",
                                                                 "copy",
                                                                 "decorated",
                                                                 "discard",
                                                                 "enforce",
                                                                 "exact",
                                                                 "expose",
                                                                 "findings",
                                                                 "from",
                                                                 "inbound",
                                                                 "local_part",
                                                                 "lookalike",
                                                                 "malformed_from",
                                                                 "malicious",
                                                                 "monitor",
                                                                 "needed",
                                                                 "never",
                                                                 "nickname",
                                                                 "none",
                                                                 "off",
                                                                 "on",
                                                                 "outbound",
                                                                 "protected_name",
                                                                 "published",
                                                                 "quarantine",
                                                                 "redirect",
                                                                 "reject",
                                                                 "reordered",
                                                                 "reply_to",
                                                                 "sender",
                                                                 "spoof",
                                                                 "spoofed_address",
                                                                 "suspicious",
                                                                 "tag",
                                                                 "tempfail",
                                                                 "typo",
                                                                 "version: 1\n",
                                                                 "*@example.com",
                                                                 "a@b.example",
                                                                 "192.0.2.0/24",
                                                                 "2024-12-31",
                                                                 "2031-02-29",
                                                                 "550 5.7.1",
                                                                 "{reason}",
                                                                 "{person}",
                                                                 "X-Spam-Flag",
                                                                 "services:\n",
                                                                 "senders:\n",
                                                                 "{",
                                                                 "}"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

// A policy is read the same each time: what is wrong with it is told, and nothing of it is
// believed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  if (const auto first = read(text); first.has_value()) {
    const auto second = read(text);
    check(second.has_value() && second->digest() == first->digest());
    check(first->digest().size() == 8);
  }
  policy::Problems problems;
  const auto services = policy::DelegatedSenders::parse(text, "senders.yaml", problems);
  check_told(services.has_value(), problems);
  return 0;
}
