// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/judged_message.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/message/header_block.h"
#include "gateway/message/message_fields.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/ip_address.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/networks.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

// A domain that is told to have passed counts where it is the From domain itself: what else aligns
// takes the public suffix list.
policy::AuthenticationResults results_for(const ToldAuthentication& told,
                                          const ToldMessage& message,
                                          const policy::SenderField& from) {
  const std::string address =
      from.mailboxes.empty() ? "" : policy::canonical_address(from.mailboxes.front().address);
  const std::string_view domain = policy::domain_of(address);
  const std::string sender = policy::canonical_address(message.mail_from);
  const bool spf_aligned = told.spf_passed && policy::domain_of(sender) == domain;
  const bool dkim_aligned = std::ranges::find(told.dkim_domains, domain) != told.dkim_domains.end();
  return {.dmarc = told.dmarc,
          .aligned_pass = !domain.empty() && (spf_aligned || dkim_aligned),
          .dkim_aligned = !domain.empty() && dkim_aligned};
}

bool is_skipped(const ToldMessage& message, const SessionSettings& settings) {
  const auto address = policy::parse_ip_address(message.client_ip);
  return address.has_value() && settings.trusted_networks.contains(*address);
}

void answer(Judgement& judgement,
            const AuthenticationNeed& need,
            policy::Explanation* explanation,
            const Authenticate& authenticate) {
  if (authenticate) {
    const AuthenticationOutcome outcome = authenticate(need);
    judgement.authenticate(outcome.results(), outcome.is_unavailable);
  } else if (explanation != nullptr) {
    explanation->add(
        "authentication",
        "not asked: it takes the client's address (--client-ip) to tell whether this is "
        "mail of " +
            policy::visible_text(need.from_domain));
  }
}

}  // namespace

JudgedMessage judge_told_message(const ToldMessage& message,
                                 const InForce& in_force,
                                 const SessionSettings& settings,
                                 policy::Explanation* explanation,
                                 const Authenticate& authenticate) {
  JudgedMessage judged;
  MessageFields fields{{.octets = settings.from_octets}};
  fields.set_mail_from(message.mail_from);
  const HeaderBlock block = parse_header_block(message.header);
  for (const HeaderField& field : block.fields) {
    if (fields.add(field.name, field.value, field.space_before_colon)) {
      judged.from_octets.emplace_back(field.value);
    }
  }
  if (block.stray_lines > 0) {
    fields.note_stray_line();
  }
  judged.senders = fields.finish();
  if (is_skipped(message, settings)) {
    judged.verdict.kind = Verdict::Kind::kSkipped;
    return judged;
  }
  MessageFacts facts;
  facts.senders = judged.senders;
  facts.ask_every_organization = !message.recipients.has_value();
  if (message.recipients.has_value()) {
    for (const std::string& recipient : *message.recipients) {
      facts.recipients.push_back(policy::canonical_address(recipient));
    }
  }
  if (message.authentication.has_value()) {
    facts.authentication = results_for(*message.authentication, message, judged.senders.from);
  }
  Judgement judgement{std::move(facts), in_force, settings.degraded, explanation};
  if (const auto need = judgement.need(); need.has_value()) {
    answer(judgement, *need, explanation, authenticate);
  }
  judged.verdict = judgement.verdict();
  return judged;
}

}  // namespace gateway
