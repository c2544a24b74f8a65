// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/dns/spf_words.h"
#include "directory/spf_check/spf_dns.h"

namespace directory {

/// Sets libspf2 up; needs system calls that confinement forbids.
void prepare_spf_library();

/// What libspf2 says of mail from postmaster@ the domain that comes from the address; `ask` fetches
/// what it needs of DNS. May end the process: the library does so where it fails.
[[nodiscard]] SpfAnswer check_spf(const SpfRequest& request, SpfDns::Ask ask);

}  // namespace directory
