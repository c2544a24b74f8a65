// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/judge.h"

#include "gateway/session/verdict.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ActionKind;

std::vector<policy::OrganizationNumber> organizations_asked(const MessageFacts& message,
                                                            const policy::DirectoryView& view) {
  std::vector<policy::OrganizationNumber> asked;
  if (message.ask_every_organization) {
    for (policy::OrganizationNumber i = 0; i < view.organizations().size(); ++i) {
      asked.push_back(i);
    }
    return asked;
  }
  for (const std::string& recipient : message.recipients) {
    const auto organization = view.organization_of_domain(policy::domain_of(recipient));
    if (organization.has_value()) {
      asked.push_back(*organization);
    }
  }
  std::ranges::sort(asked);
  const auto repeated = std::ranges::unique(asked);
  asked.erase(repeated.begin(), repeated.end());
  return asked;
}

std::string organizations_text(std::span<const policy::OrganizationNumber> asked,
                               const policy::DirectoryView& view) {
  if (asked.empty()) {
    return "none: no recipient is of a domain of an organization, so nobody is looked for";
  }
  constexpr std::size_t kShown = 10;
  std::string text;
  for (const policy::OrganizationNumber number : asked.first(std::min(asked.size(), kShown))) {
    text += text.empty() ? "" : ", ";
    text += policy::visible_text(view.organizations().at(number).name);
  }
  return asked.size() > kShown ? text + " and " + std::to_string(asked.size() - kShown) + " more"
                               : text;
}

ActionKind degraded_action(Degradation why, const DegradedActions& degraded) {
  switch (why) {
    case Degradation::kNoSnapshot: return degraded.no_snapshot;
    case Degradation::kStaleSnapshot: return degraded.stale_snapshot;
    case Degradation::kInternalError:
    case Degradation::kConnections: return degraded.internal_error;
  }
  return ActionKind::kTempFail;
}

void degrade(Verdict& verdict, Degradation why, const DegradedActions& degraded) {
  verdict.degradation = why;
  verdict.degraded_action =
      verdict.mode == policy::Mode::kMonitor ? ActionKind::kTag : degraded_action(why, degraded);
}

Verdict verdict_of(const InForce& in_force) {
  Verdict verdict;
  verdict.mode = in_force.policy->mode();
  verdict.stamp = in_force.policy->stamp();
  verdict.policy_digest = in_force.policy->digest();
  verdict.generation = in_force.detector != nullptr ? in_force.detector->view().generation() : 0;
  return verdict;
}

class Decider {
 public:
  Decider(const MessageFacts& message, const InForce& in_force, policy::Explanation* explanation)
      : message_(message), in_force_(in_force), explanation_(explanation) {}

  void decide(Verdict& verdict, policy::Finding finding) const {
    const policy::Policy& policy = *in_force_.policy;
    const policy::DecisionFacts facts{.finding = finding,
                                      .recipients = message_.recipients,
                                      .direction = message_.direction,
                                      .authentication = proof_for(finding),
                                      .today = in_force_.today};
    if (const auto* exception = policy.excuse(facts); exception != nullptr) {
      explain_exception(finding, *exception);
      verdict.exceptions.push_back(exception->name);
      return;
    }
    auto decision = policy.decide(facts);
    explain(finding, decision.has_value() ? &*decision : nullptr);
    if (policy.has_shadow()) {
      compare_with_shadow(verdict, finding, decision, policy.decide_shadow(facts));
    }
    if (!decision.has_value()) {
      verdict.noted.push_back(std::move(finding));
      return;
    }
    add(verdict, {.finding = std::move(finding), .decision = *std::move(decision)});
  }

 private:
  // What is proved is the From domain. That Sender or Reply-To have an address of another one is
  // what anybody may write there.
  [[nodiscard]] const policy::AuthenticationResults* proof_for(
      const policy::Finding& finding) const {
    const std::vector<policy::VisibleMailbox>& mailboxes = message_.senders.from.mailboxes;
    if (!message_.authentication.has_value() || mailboxes.size() != 1) {
      return nullptr;
    }
    const std::string proved = policy::canonical_address(mailboxes.front().address);
    const std::string shown = policy::canonical_address(finding.address);
    return policy::domain_of(proved) == policy::domain_of(shown) ? &*message_.authentication
                                                                 : nullptr;
  }

  // Of people who share a name, the one whose rule is the strictest stands for all.
  static void add(Verdict& verdict, JudgedFinding judged) {
    const auto namesake = std::ranges::find_if(verdict.findings, [&](const JudgedFinding& known) {
      return known.finding.organization == judged.finding.organization &&
             known.finding.kind == judged.finding.kind &&
             known.finding.match == judged.finding.match &&
             known.finding.field == judged.finding.field &&
             known.finding.person == judged.finding.person;
    });
    if (namesake == verdict.findings.end()) {
      verdict.findings.push_back(std::move(judged));
    } else if (judged.decision.action > namesake->decision.action) {
      *namesake = std::move(judged);
    }
  }

  // What differs is what would be done, not by which rule.
  static void compare_with_shadow(Verdict& verdict,
                                  const policy::Finding& finding,
                                  const std::optional<policy::Decision>& decision,
                                  std::optional<policy::Decision> shadow) {
    const auto what = [](const std::optional<policy::Decision>& each) {
      policy::Decision done = each.value_or(policy::Decision{});
      done.rule.clear();
      done.lists.clear();
      return done;
    };
    if (decision.has_value() != shadow.has_value() || what(decision) != what(shadow)) {
      verdict.shadow_differences.push_back(
          {.finding = finding, .decision = decision, .shadow = std::move(shadow)});
    }
  }

  void explain_exception(const policy::Finding& finding,
                         const policy::PolicyException& exception) const {
    if (explanation_ != nullptr) {
      explanation_->add("exception",
                        finding.organization_name + ": \"" + exception.name +
                            "\" allows it: " + policy::visible_text(exception.reason) + " (" +
                            policy::visible_text(exception.owner) + ')');
    }
  }

  void explain(const policy::Finding& finding, const policy::Decision* decision) const {
    if (explanation_ == nullptr) {
      return;
    }
    std::string text = finding.organization_name + ": " + std::string{word(finding.kind)};
    if (decision == nullptr) {
      text += ": noted, no rule names it";
    } else if (decision->rule.empty()) {
      text += ": no rule matches; tag by default";
    } else {
      text += ": rule \"" + decision->rule + "\", " + std::string{word(decision->action)};
    }
    explanation_->add("rule", std::move(text));
  }

  const MessageFacts& message_;
  const InForce& in_force_;
  policy::Explanation* explanation_;
};

// Whether the findings that hang on authentication stand.
bool is_spoofed(const MessageFacts& message,
                const policy::Policy& policy,
                policy::Explanation* explanation) {
  if (!message.authentication.has_value()) {
    return false;
  }
  const bool authentic =
      policy::address_is_authentic(policy.authentication_requirement(), *message.authentication);
  if (explanation != nullptr) {
    explanation->add("authentication", authentic ? "believed" : "failed");
  }
  return !authentic;
}

// Drops what is no finding because a service, a list or the person themself wrote it.
void remove_exempt(std::vector<policy::Finding>& findings,
                   const MessageFacts& message,
                   const InForce& in_force,
                   policy::Explanation* explanation) {
  if (!message.authentication.has_value()) {
    return;
  }
  const policy::ExemptionFacts facts{.senders = message.senders,
                                     .authentication = *message.authentication,
                                     .recipients = message.recipients,
                                     .findings = findings,
                                     .delegated_senders = *in_force.delegated_senders};
  std::vector<policy::Finding> standing;
  for (const policy::Finding& finding : findings) {
    const auto exemption = exemption_of(finding, facts, in_force.policy->exemptions());
    if (!exemption.has_value()) {
      standing.push_back(finding);
    } else if (explanation != nullptr) {
      explanation->add("exempt",
                       std::string{word(*exemption)} + ": " + finding.address +
                           " may show the name " + policy::visible_text(finding.person));
    }
  }
  findings = std::move(standing);
}

}  // namespace

std::shared_ptr<const policy::DelegatedSenders> built_in_delegated_senders() {
  return {std::shared_ptr<void>{}, &policy::DelegatedSenders::built_in()};
}

Verdict judge(const MessageFacts& message,
              const InForce& in_force,
              const DegradedActions& degraded,
              policy::Explanation* explanation) {
  if (in_force.detector == nullptr) {
    return degraded_verdict(Degradation::kNoSnapshot, in_force, degraded);
  }
  const auto asked = organizations_asked(message, in_force.detector->view());
  if (explanation != nullptr) {
    explanation->add("organizations", organizations_text(asked, in_force.detector->view()));
  }
  auto detection = in_force.detector->detect(message.senders, asked, explanation);
  if (!detection.has_value()) {
    if (explanation != nullptr) {
      explanation->add("error", detection.error().message);
    }
    return degraded_verdict(Degradation::kInternalError, in_force, degraded);
  }
  Verdict verdict = verdict_of(in_force);
  verdict.limits = std::move(detection->limits);
  verdict.look_ups = detection->look_ups;
  if (!detection->if_not_authentic.empty() && is_spoofed(message, *in_force.policy, explanation)) {
    std::ranges::move(detection->if_not_authentic, std::back_inserter(detection->findings));
  }
  remove_exempt(detection->findings, message, in_force, explanation);
  const Decider decider{message, in_force, explanation};
  for (policy::Finding& finding : detection->findings) {
    decider.decide(verdict, std::move(finding));
  }
  if (!verdict.findings.empty()) {
    verdict.kind = Verdict::Kind::kFinding;
    const auto strictest = std::ranges::max_element(
        verdict.findings, {}, [](const JudgedFinding& judged) { return judged.decision.action; });
    verdict.strictest = static_cast<std::size_t>(strictest - verdict.findings.begin());
  }
  if (in_force.is_stale && !asked.empty()) {
    degrade(verdict, Degradation::kStaleSnapshot, degraded);
  }
  return verdict;
}

Verdict degraded_verdict(Degradation why,
                         const InForce& in_force,
                         const DegradedActions& degraded) {
  Verdict verdict = verdict_of(in_force);
  verdict.kind = Verdict::Kind::kDegraded;
  degrade(verdict, why, degraded);
  return verdict;
}

}  // namespace gateway
