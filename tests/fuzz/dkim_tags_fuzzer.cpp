// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_key.h"
#include "gateway/authentication/dkim/dkim_signature.h"
#include "policy/mail_records/dns_name.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace {

constexpr std::array<std::string_view, 34> kPieces{"v=DKIM1; ",
                                                   "v=1; ",
                                                   "a=rsa-sha256; ",
                                                   "a=ed25519-sha256; ",
                                                   "a=rsa-sha1; ",
                                                   "k=rsa; ",
                                                   "k=ed25519; ",
                                                   "p=QUJD",
                                                   "; p=",
                                                   "h=from:to; ",
                                                   "h=sha256; ",
                                                   "s=email; ",
                                                   "s=*; ",
                                                   "t=y:s; ",
                                                   "d=contoso.example; ",
                                                   "s=s1; ",
                                                   "bh=QUJD; ",
                                                   "b=QUJD; ",
                                                   "x=99999999999; ",
                                                   "l=0; ",
                                                   "c=relaxed/simple; ",
                                                   "i=@contoso.example; ",
                                                   "q=dns/txt; ",
                                                   ";",
                                                   "=",
                                                   ":",
                                                   "\r\n ",
                                                   " ",
                                                   "\t",
                                                   "(",
                                                   "\xFF",
                                                   "z=from:a|to:b; ",
                                                   "n=; ",
                                                   "=="};

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  if (const auto key = gateway::plain_dkim_key(text); key.has_value()) {
    // What was written plainly is read as the same.
    check(key->size() < 1000 && gateway::plain_dkim_key(*key) == *key);
  }
  const auto signature =
      gateway::parse_dkim_signature(text, std::chrono::sys_seconds{std::chrono::seconds{1}});
  check(!signature.has_value() ||
        (policy::is_mail_domain(signature->domain) && policy::is_dns_name(signature->key_name())));
  return 0;
}
