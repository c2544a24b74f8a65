// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// Puts records that were made to do harm through guard, helper and libraries. The helper may die of
// them; this process never, and no death is a pass.
//
//     hostile_records COUNT [SEED]
#include "gateway/authentication/dkim/dkim_key.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/helper/helper_process.h"
#include "gateway/authentication/helper/helper_slot.h"
#include "gateway/authentication/helper/library_checks.h"
#include "gateway/authentication/spf/spf_guard.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/mail_records/dmarc_record.h"
#include "tests/gateway/authentication/hostile_words.h"
#include "tests/gateway/authentication/spf/spf_checker.h"
#include "tests/support/dkim_signer.h"
#include "tests/support/zone_resolver.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using gateway::DkimResult;
using gateway::HelperSlot;
using gateway::SpfResult;
using tests::HostileWords;

struct Count {
  std::map<std::string_view, unsigned long> results;
  unsigned long deaths = 0;
  unsigned long wrong = 0;
};

void complain(Count& count, const std::string& what) {
  ++count.wrong;
  std::cout << "wrong: " << what << '\n';
}

auto soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds{8};
}

void check_spf(HostileWords& words, HelperSlot& slot, Count& count) {
  tests::ZoneResolver zone;
  for (int i = 0; i < 6; ++i) {
    const std::string name = "n" + std::to_string(i) + ".hostile.example";
    zone.add_text(name, words.spf_record());
    zone.add_address(name, words.below(2) == 0 ? "192.0.2.7" : "198.51.100.1");
    zone.add_exchange(name, 1, words.name());
  }
  zone.add_pointer("7.2.0.192.in-addr.arpa", words.name());
  constexpr std::array<std::string_view, 3> kClients{"192.0.2.7", "2001:db8::1", "203.0.113.1"};
  const unsigned long before = slot.failures();
  const auto checked = tests::check_spf_with(zone,
                                             slot,
                                             kClients.at(words.below(kClients.size())),
                                             words.spoiled("h.example"),
                                             words.spoiled("a.b") + "@n0.hostile.example");
  ++count.results[gateway::word(checked.result)];
  if (slot.failures() != before) {
    ++count.deaths;
    if (checked.result == SpfResult::kPass) {
      complain(count, "a death passed");
    }
  }
  if (zone.asked().size() > gateway::SpfGuard::kMostQuestions) {
    complain(count, "too many questions");
  }
}

void check_dmarc(HostileWords& words, HelperSlot& slot, Count& count) {
  const auto record = policy::choose_dmarc_record({words.dmarc_record(), words.spf_record()});
  if (!record.has_value()) {
    ++count.results["no policy"];
    return;
  }
  const auto deadline = soon();
  const auto passes = slot.run(deadline, [&](gateway::HelperProcess& helper) {
    return gateway::check_dmarc(
        helper, {.domain = "contoso.example", .policy = record->policy}, deadline);
  });
  ++count.results[passes.has_value() ? "a policy" : "temperror"];
  if (passes.value_or(false)) {
    complain(count, "DMARC passed without anything that did");
  }
}

// A message, its signature and the key it was signed with.
struct Signed {
  std::vector<std::string> fields{"From: ada@contoso.example",
                                  "Date: Sun, 22 Nov 2026 09:00:00 +0000"};
  std::string body = "Dear Bob,\r\n";
  tests::DkimKeyPair key = tests::make_rsa_key();
  std::string value = tests::dkim_signature(key, {.domain = "contoso.example"}, fields, body);
};

void check_dkim(HostileWords& words, HelperSlot& slot, const Signed& message, Count& count) {
  const std::string genuine = message.key.record.substr(message.key.record.find("p="));
  const std::string value = words.below(2) == 0 ? words.signature(message.value) : message.value;
  const auto signature = gateway::parse_dkim_signature(value, std::chrono::system_clock::now());
  if (!signature.has_value()) {
    ++count.results["no signature"];
    return;
  }
  gateway::DnsAnswer key;
  key.status = gateway::DnsStatus::kFound;
  key.texts = {words.key_record(genuine)};
  const gateway::DkimTask task{
      .fields = message.fields,
      .signatures = {gateway::signature_task("DKIM-Signature:" + value, key)}};
  const unsigned long before = slot.failures();
  const auto deadline = soon();
  const auto facts = slot.run(deadline, [&](gateway::HelperProcess& helper) {
    return gateway::verify_dkim(helper, task, std::vector{message.body}, deadline);
  });
  const DkimResult result =
      facts.has_value() ? gateway::dkim_result(*signature, facts->front()) : DkimResult::kTempError;
  ++count.results[gateway::word(result)];
  count.deaths += slot.failures() - before;
  if (result == DkimResult::kPass && !task.signatures.front().key.ends_with(genuine)) {
    complain(count, "a key passed that never signed: " + task.signatures.front().key);
  }
}

int run(unsigned long checks, unsigned seed) {
  const Signed message;
  HelperSlot slot{FROMGUARD_HELPER};
  Count count;
  for (unsigned long i = 0; i < checks; ++i) {
    HostileWords words{seed + static_cast<unsigned>(i)};
    switch (words.below(4)) {
      case 0: check_dmarc(words, slot, count); break;
      case 1: check_dkim(words, slot, message, count); break;
      default: check_spf(words, slot, count); break;
    }
  }
  std::cout << checks << " records, " << count.deaths << " deaths of the helper, " << count.wrong
            << " wrong answers\n";
  for (const auto& [result, number] : count.results) {
    std::cout << "  " << result << ": " << number << '\n';
  }
  return count.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const unsigned long checks = argc > 1 ? std::stoul(argv[1]) : 2000;
    const unsigned long seed = argc > 2 ? std::stoul(argv[2]) : 1;
    return run(checks, static_cast<unsigned>(seed));
  } catch (const std::exception& error) {
    std::cerr << "hostile_records: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
