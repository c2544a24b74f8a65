// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/judge.h"

#include "gateway/session/verdict.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/verdict/address_patterns.h"
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
    case Degradation::kAuthenticationUnavailable: return degraded.authentication_unavailable;
    case Degradation::kRecipients:
    case Degradation::kNoOutboundTenants: break;
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
      const auto match = find_address(exception->from, policy::canonical_address(finding.address));
      if (match.list != nullptr) {
        verdict.exception_lists.push_back(match.list->name);
      }
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
    const policy::AuthenticationResults* const proof = facts.authentication;
    std::optional<bool> is_authenticated;
    if (proof != nullptr &&
        (proof->is_authenticated() || !message_.is_authentication_unavailable)) {
      is_authenticated = proof->is_authenticated();
    }
    add(verdict,
        {.finding = std::move(finding),
         .decision = *std::move(decision),
         .is_authenticated = is_authenticated});
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

// The domain of the one address that From has; empty where it has none or several.
std::string from_domain_of(const policy::SenderField& from) {
  if (from.field_count > 1 || from.mailboxes.size() != 1) {
    return {};
  }
  return std::string{policy::domain_of(policy::canonical_address(from.mailboxes.front().address))};
}

}  // namespace

std::shared_ptr<const policy::DelegatedSenders> built_in_delegated_senders() {
  return {std::shared_ptr<void>{}, &policy::DelegatedSenders::built_in()};
}

Judgement::Judgement(MessageFacts message,
                     const InForce& in_force,
                     const DegradedActions& degraded,
                     policy::Explanation* explanation)
    : message_(std::move(message)),
      in_force_(in_force),
      degraded_(degraded),
      explanation_(explanation) {
  if (in_force.detector == nullptr) {
    return;
  }
  asked_ = organizations_asked(message_, in_force.detector->view());
  if (explanation != nullptr) {
    explanation->add("organizations", organizations_text(asked_, in_force.detector->view()));
  }
  auto detection = in_force.detector->detect(message_.senders, asked_, explanation);
  if (detection.has_value()) {
    detection_ = *std::move(detection);
  } else if (explanation != nullptr) {
    explanation->add("error", detection.error().message);
  }
}

std::optional<AuthenticationNeed> Judgement::need() const {
  if (message_.authentication.has_value() || !detection_.has_value()) {
    return std::nullopt;
  }
  if (detection_->if_not_authentic.empty() && detection_->findings.empty()) {
    return std::nullopt;
  }
  AuthenticationNeed need{.from_domain = from_domain_of(message_.senders.from),
                          .only_if_published = true,
                          .needs_dkim = false};
  if (need.from_domain.empty()) {
    return std::nullopt;
  }
  using policy::AuthenticationRequirement;
  const auto requirement = in_force_.policy->authentication_requirement();
  bool is_needed =
      !detection_->if_not_authentic.empty() && requirement != AuthenticationRequirement::kNever;
  need.only_if_published = requirement == AuthenticationRequirement::kPublished;
  if (in_force_.policy->checks_findings() && !detection_->findings.empty()) {
    is_needed = true;
    need.only_if_published = false;
  }
  for (const policy::Finding& finding : detection_->findings) {
    const auto exemption = possible_exemption(finding);
    if (exemption.has_value() || may_be_excused(finding)) {
      is_needed = true;
      need.only_if_published = false;
      need.needs_dkim = need.needs_dkim || exemption == policy::Exemption::kList;
    }
  }
  return is_needed ? std::optional{std::move(need)} : std::nullopt;
}

void Judgement::authenticate(const policy::AuthenticationResults& results, bool is_unavailable) {
  message_.authentication = results;
  message_.is_authentication_unavailable = is_unavailable;
}

Verdict Judgement::verdict() {
  if (!detection_.has_value()) {
    return degraded_verdict(
        in_force_.detector == nullptr ? Degradation::kNoSnapshot : Degradation::kInternalError,
        in_force_,
        degraded_);
  }
  policy::Detection& detection = *detection_;
  Verdict verdict = verdict_of(in_force_);
  verdict.limits = std::move(detection.limits);
  verdict.look_ups = detection.look_ups;
  if (!detection.if_not_authentic.empty() && is_spoofed()) {
    if (message_.is_authentication_unavailable) {
      degrade(verdict, Degradation::kAuthenticationUnavailable, degraded_);
    } else {
      std::ranges::move(detection.if_not_authentic, std::back_inserter(detection.findings));
    }
  }
  remove_exempt();
  const Decider decider{message_, in_force_, explanation_};
  for (policy::Finding& finding : detection.findings) {
    decider.decide(verdict, std::move(finding));
  }
  if (!verdict.findings.empty()) {
    verdict.kind = Verdict::Kind::kFinding;
    const auto strictest = std::ranges::max_element(
        verdict.findings, {}, [](const JudgedFinding& judged) { return judged.decision.action; });
    verdict.strictest = static_cast<std::size_t>(strictest - verdict.findings.begin());
  } else if (verdict.degradation.has_value()) {
    verdict.kind = Verdict::Kind::kDegraded;
  }
  if (in_force_.is_stale && !asked_.empty() && !verdict.degradation.has_value()) {
    degrade(verdict, Degradation::kStaleSnapshot, degraded_);
  }
  return verdict;
}

bool Judgement::may_be_excused(const policy::Finding& finding) const {
  const policy::DecisionFacts facts{.finding = finding,
                                    .recipients = message_.recipients,
                                    .direction = message_.direction,
                                    .today = in_force_.today};
  return in_force_.policy->excuse(facts) == nullptr && in_force_.policy->may_excuse(facts);
}

// What the finding is exempt by if the From domain turns out to be authenticated.
std::optional<policy::Exemption> Judgement::possible_exemption(
    const policy::Finding& finding) const {
  if (!detection_.has_value()) {
    return std::nullopt;
  }
  const policy::AuthenticationResults proved{.aligned_pass = true, .dkim_aligned = true};
  return exemption_of(finding,
                      {.senders = message_.senders,
                       .authentication = proved,
                       .recipients = message_.recipients,
                       .findings = detection_->findings,
                       .delegated_senders = *in_force_.delegated_senders},
                      in_force_.policy->exemptions());
}

// Whether the findings that hang on authentication stand, or might.
bool Judgement::is_spoofed() const {
  const std::optional<policy::AuthenticationResults>& results = message_.authentication;
  if (!results.has_value()) {
    return false;
  }
  const auto requirement = in_force_.policy->authentication_requirement();
  const bool is_unknown = requirement != policy::AuthenticationRequirement::kNever &&
                          message_.is_authentication_unavailable && !results->is_authenticated();
  const bool is_authentic = !is_unknown && policy::address_is_authentic(requirement, *results);
  const char* outcome = is_authentic ? "believed" : "failed";
  if (explanation_ != nullptr) {
    explanation_->add("authentication", is_unknown ? "not available" : outcome);
  }
  return !is_authentic;
}

// Drops what is no finding because a service, a list or the person themself wrote it.
void Judgement::remove_exempt() {
  const std::optional<policy::AuthenticationResults>& results = message_.authentication;
  if (!results.has_value() || !detection_.has_value()) {
    return;
  }
  const policy::ExemptionFacts facts{.senders = message_.senders,
                                     .authentication = *results,
                                     .recipients = message_.recipients,
                                     .findings = detection_->findings,
                                     .delegated_senders = *in_force_.delegated_senders};
  std::vector<policy::Finding> standing;
  for (const policy::Finding& finding : detection_->findings) {
    const auto exemption = exemption_of(finding, facts, in_force_.policy->exemptions());
    if (!exemption.has_value()) {
      standing.push_back(finding);
    } else if (explanation_ != nullptr) {
      explanation_->add("exempt",
                        std::string{word(*exemption)} + ": " + finding.address +
                            " may show the name " + policy::visible_text(finding.person));
    }
  }
  detection_->findings = std::move(standing);
}

Verdict unjudged_verdict(Verdict::Kind kind, const InForce& in_force) {
  Verdict verdict = verdict_of(in_force);
  verdict.kind = kind;
  return verdict;
}

Verdict degraded_outbound_verdict(Degradation why, const InForce& in_force) {
  Verdict verdict = unjudged_verdict(Verdict::Kind::kDegraded, in_force);
  verdict.is_outbound = true;
  verdict.degradation = why;
  verdict.degraded_action = ActionKind::kTempFail;
  return verdict;
}

Verdict degraded_verdict(Degradation why,
                         const InForce& in_force,
                         const DegradedActions& degraded) {
  Verdict verdict = unjudged_verdict(Verdict::Kind::kDegraded, in_force);
  degrade(verdict, why, degraded);
  return verdict;
}

}  // namespace gateway
