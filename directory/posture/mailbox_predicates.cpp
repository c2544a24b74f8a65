// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_queries.h"
#include "directory/posture/finding.h"
#include "directory/posture/looks.h"
#include "directory/posture/predicates.h"

#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

std::string named(const std::string& name, const std::string& id) {
  return name.empty() ? id : name;
}

enum class Whereabouts { kInside, kOutside, kUnknown };

// An address in Exchange's own form (`/o=...`), or none, says nothing of where its mailbox is.
Whereabouts whereabouts_of(const RuleRecipient& recipient, const TenantContext& context) {
  const auto& verified = context.verified_domains;
  const std::string domain = domain_of(recipient.address);
  if (!domain.empty()) {
    const bool is_ours = verified.has_value() && verified->contains(domain);
    return is_ours ? Whereabouts::kInside : Whereabouts::kOutside;
  }
  const bool is_known =
      context.is_known_recipient && context.is_known_recipient(recipient.address, recipient.name);
  return is_known ? Whereabouts::kInside : Whereabouts::kUnknown;
}

// What the recipients of one rule come to.
struct Recipients {
  std::vector<std::string> outside;
  std::vector<std::string> unknown;
};

Recipients sort_out(const std::vector<RuleRecipient>& recipients, const TenantContext& context) {
  Recipients sorted;
  for (const RuleRecipient& each : recipients) {
    switch (whereabouts_of(each, context)) {
      case Whereabouts::kInside: break;
      case Whereabouts::kOutside: sorted.outside.push_back(each.address); break;
      case Whereabouts::kUnknown: sorted.unknown.push_back(named(each.name, each.address)); break;
    }
  }
  return sorted;
}

using RuleTargets = std::vector<RuleRecipient> MessageRule::*;

Judgement leads_outside(const MessageRules& rules,
                        const TenantContext& context,
                        RuleTargets targets) {
  if (!context.verified_domains.has_value()) {
    return unknown("the tenant's domains cannot be read, so that inside and outside are the same");
  }
  Evidence evidence;
  std::string unresolved;
  for (const MessageRule& rule : rules) {
    if (!rule.is_enabled) {
      continue;
    }
    Recipients recipients = sort_out(rule.*targets, context);
    if (!recipients.outside.empty()) {
      evidence.push_back({.name = "rule", .values = {named(rule.name, rule.id)}});
      evidence.push_back({.name = "to", .values = std::move(recipients.outside)});
    }
    if (unresolved.empty() && !recipients.unknown.empty()) {
      unresolved = "the rule '" + named(rule.name, rule.id) + "' leads to '" +
                   recipients.unknown.front() + "', which nobody in the directory is called";
    }
  }
  if (evidence.empty() && !unresolved.empty()) {
    return unknown(std::move(unresolved));
  }
  return found_if_any(std::move(evidence));
}

}  // namespace

Judgement unattested_security_key(const AuthenticationMethods& methods,
                                  const TenantContext& /*context*/) {
  std::vector<std::string> keys;
  for (const SecurityKey& key : methods.security_keys) {
    if (key.attestation_level == "notAttested") {
      // A synced passkey cannot be attested.
      keys.push_back(named(key.name, key.id) +
                     (key.passkey_type.empty() ? "" : " (" + key.passkey_type + ")"));
    }
  }
  return found_if_any("keys", std::move(keys));
}

Judgement weak_hello_key(const AuthenticationMethods& methods, const TenantContext& /*context*/) {
  std::vector<std::string> keys;
  for (const HelloKey& key : methods.hello_keys) {
    if (key.key_strength == "weak") {
      keys.push_back(named(key.name, key.id));
    }
  }
  return found_if_any("keys", std::move(keys));
}

Judgement calendar_shared_externally(const CalendarPermissions& permissions,
                                     const TenantContext& /*context*/) {
  std::vector<std::string> shared;
  for (const CalendarPermission& permission : permissions) {
    if (permission.is_inside_organization == false && permission.role != "none") {
      shared.push_back(named(permission.email, permission.name) + ": " + permission.role);
    }
  }
  return found_if_any("shared_with", std::move(shared));
}

Judgement forwards_as_attachment(const MessageRules& rules, const TenantContext& context) {
  return leads_outside(rules, context, &MessageRule::forward_as_attachment_to);
}

Judgement forwards(const MessageRules& rules, const TenantContext& context) {
  return leads_outside(rules, context, &MessageRule::forward_to);
}

Judgement redirects(const MessageRules& rules, const TenantContext& context) {
  return leads_outside(rules, context, &MessageRule::redirect_to);
}

}  // namespace directory
