// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/posture_queries.h"
#include "directory/posture/domain_mail.h"
#include "directory/posture/finding.h"
#include "directory/posture/looks.h"

namespace directory {

// What each finding asks of a subject. Pure; each works on data that Microsoft or DNS may have made
// up. The names are those of the findings.

[[nodiscard]] Judgement provisioning_error(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement password_never_expires(const PostureUser& user,
                                               const TenantContext& context);
[[nodiscard]] Judgement password_is_old(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement password_may_be_weak(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement sync_disabled(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement not_synced(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement not_legal_adult(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement has_proxy_addresses(const PostureUser& user, const TenantContext& context);
[[nodiscard]] Judgement account_disabled(const PostureUser& user, const TenantContext& context);

/// Of the tenant: its sync has stopped, so that no user is to blame.
[[nodiscard]] Judgement tenant_not_synced(const TenantSyncTime& sync, const TenantContext& context);

/// Adds to a disabled account that its mailbox is shared by design.
[[nodiscard]] Judgement disabled_by_design(const MailboxPurpose& mailbox,
                                           const TenantContext& context);

[[nodiscard]] Judgement unattested_security_key(const AuthenticationMethods& methods,
                                                const TenantContext& context);
[[nodiscard]] Judgement weak_hello_key(const AuthenticationMethods& methods,
                                       const TenantContext& context);

[[nodiscard]] Judgement calendar_shared_externally(const CalendarPermissions& permissions,
                                                   const TenantContext& context);

[[nodiscard]] Judgement forwards_as_attachment(const MessageRules& rules,
                                               const TenantContext& context);
[[nodiscard]] Judgement forwards(const MessageRules& rules, const TenantContext& context);
[[nodiscard]] Judgement redirects(const MessageRules& rules, const TenantContext& context);

[[nodiscard]] Judgement not_certified(const ApplicationLook& look, const TenantContext& context);
[[nodiscard]] Judgement not_attested(const ApplicationLook& look, const TenantContext& context);
[[nodiscard]] Judgement disabled_by_microsoft(const ApplicationLook& look,
                                              const TenantContext& context);
[[nodiscard]] Judgement certification_expires(const ApplicationLook& look,
                                              const TenantContext& context);

/// Graph does not tell the certification of other vendors' applications.
[[nodiscard]] Judgement certification_unknown(const ServicePrincipalLook& look,
                                              const TenantContext& context);
[[nodiscard]] Judgement principal_disabled_by_microsoft(const ServicePrincipalLook& look,
                                                        const TenantContext& context);

[[nodiscard]] Judgement domain_not_verified(const DomainLook& look, const TenantContext& context);
[[nodiscard]] Judgement spf_allows_any(const DomainMail& mail, const TenantContext& context);
[[nodiscard]] Judgement spf_absent(const DomainMail& mail, const TenantContext& context);
[[nodiscard]] Judgement dmarc_absent(const DomainMail& mail, const TenantContext& context);
[[nodiscard]] Judgement dmarc_not_enforced(const DomainMail& mail, const TenantContext& context);
[[nodiscard]] Judgement dmarc_not_enforced_below(const DomainMail& mail,
                                                 const TenantContext& context);
[[nodiscard]] Judgement dmarc_partly_enforced(const DomainMail& mail, const TenantContext& context);

}  // namespace directory
