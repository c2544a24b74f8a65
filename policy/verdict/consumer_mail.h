// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace policy {

/// Whether the domain, in canonical form, is known for mailboxes that anybody can open: to trust
/// such a domain is to trust everybody. The well-known ones alone.
[[nodiscard]] bool is_consumer_mail_domain(std::string_view canonical_domain);

}  // namespace policy
