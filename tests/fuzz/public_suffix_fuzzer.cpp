// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/dns_name.h"
#include "policy/mail_records/public_suffix_list.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace {

const policy::PublicSuffixList& list() {
  static const std::shared_ptr<const policy::PublicSuffixList> loaded = [] {
    auto read = policy::PublicSuffixList::load("/usr/share/publicsuffix/public_suffix_list.dat");
    check(read.has_value());
    return *read;
  }();
  return *loaded;
}

constexpr auto kPieces = std::to_array<std::string_view>({".",
                                                          "..",
                                                          "a",
                                                          "com",
                                                          "co.uk",
                                                          "github.io",
                                                          "ck",
                                                          "www.ck",
                                                          "xn--55qx5d.cn",
                                                          "xn--",
                                                          "example",
                                                          "kawasaki.jp",
                                                          "city.kawasaki.jp",
                                                          "_dmarc.",
                                                          "*.",
                                                          "!",
                                                          "-",
                                                          "\xC3\xA9",
                                                          "xn--p1ai",
                                                          "blogspot.com",
                                                          "1.2.3.4",
                                                          std::string_view{"\0", 1}});

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

// Whatever is asked, something is answered. No name of DNS is given a domain that it does not end
// with, and that domain belongs to itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string name{fuzz_input(data, size)};
  const std::string owner = list().organizational_domain(name);
  if (!policy::is_dns_name(name)) {
    return 0;
  }
  check(name.ends_with(owner));
  check(owner.size() == name.size() || owner.empty() ||
        name[name.size() - owner.size() - 1] == '.');
  check(list().organizational_domain(owner) == owner);
  return 0;
}
