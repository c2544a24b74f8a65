// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/consumer_mail.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace policy {
namespace {

// Services that have a domain in many countries: `yahoo.com`, `yahoo.de`, `yahoo.co.uk`.
constexpr auto kLabels = std::to_array<std::string_view>({"gmail",
                                                          "googlemail",
                                                          "outlook",
                                                          "hotmail",
                                                          "live",
                                                          "yahoo",
                                                          "ymail",
                                                          "gmx",
                                                          "yandex",
                                                          "aol"});
constexpr auto kDomains = std::to_array<std::string_view>(
    {"126.com",     "163.com",        "abv.bg",         "bigpond.com",    "bk.ru",
     "bol.com.br",  "btinternet.com", "centrum.cz",     "comcast.net",    "cox.net",
     "daum.net",    "email.cz",       "fastmail.com",   "fastmail.fm",    "foxmail.com",
     "free.fr",     "freenet.de",     "hanmail.net",    "hey.com",        "hushmail.com",
     "icloud.com",  "inbox.lv",       "inbox.ru",       "interia.pl",     "laposte.net",
     "libero.it",   "list.ru",        "mac.com",        "mail.com",       "mail.ru",
     "mailbox.org", "mailfence.com",  "me.com",         "msn.com",        "mynet.com",
     "naver.com",   "o2.pl",          "onet.pl",        "orange.fr",      "passport.com",
     "pm.me",       "posteo.de",      "proton.me",      "protonmail.com", "qq.com",
     "rambler.ru",  "rediffmail.com", "rocketmail.com", "sbcglobal.net",  "seznam.cz",
     "sfr.fr",      "sina.com",       "sohu.com",       "t-online.de",    "terra.com.br",
     "tuta.com",    "tutanota.com",   "ukr.net",        "uol.com.br",     "verizon.net",
     "virgilio.it", "wanadoo.fr",     "web.de",         "wp.pl",          "yeah.net",
     "zohomail.com"});

static_assert(std::ranges::is_sorted(kDomains));

// `de`, `co.uk`, `com.br`; not `example.com`, the rest of a host in somebody's domain.
bool is_country_ending(std::string_view ending) {
  const std::size_t dot = ending.find('.');
  const std::string_view first = ending.substr(0, dot);
  return dot == std::string_view::npos || first == "co" || first == "com";
}

}  // namespace

bool is_consumer_mail_domain(std::string_view canonical_domain) {
  const std::size_t dot = canonical_domain.find('.');
  if (dot == std::string_view::npos) {
    return false;
  }
  const bool has_label =
      std::ranges::find(kLabels, canonical_domain.substr(0, dot)) != kLabels.end();
  return (has_label && is_country_ending(canonical_domain.substr(dot + 1))) ||
         std::ranges::binary_search(kDomains, canonical_domain);
}

}  // namespace policy
