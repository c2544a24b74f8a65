// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace tests {

/// Makes records and signatures that come close to the grammars, and now and then are right by
/// them. The same seed makes the same.
class HostileWords {
 public:
  explicit HostileWords(unsigned seed) : chance_(seed) {}

  std::size_t below(std::size_t end) { return chance_() % end; }

  /// One of the few names that the records of a check refer to each other by.
  std::string name() { return "n" + std::to_string(below(6)) + ".hostile.example"; }

  std::string spf_record() {
    std::string record = one_in(20) ? "v=spf1" : "v=spf1 ";
    for (std::size_t terms = one_in(10) ? 150 : below(14); terms > 0; --terms) {
      record += term() + (one_in(30) ? "  " : " ");
    }
    return spoiled(record);
  }

  std::string dmarc_record() {
    std::string record = "v=DMARC1";
    for (std::size_t tags = below(8); tags > 0; --tags) {
      record += any(kDmarcTags) + any(kDmarcValues);
    }
    return spoiled(record);
  }

  /// `genuine` is in some of them.
  std::string key_record(const std::string& genuine) {
    std::string record;
    for (std::size_t tags = below(6); tags > 0; --tags) {
      record += any(kKeyTags);
    }
    return spoiled(record + (one_in(3) ? genuine : "p=" + std::string(below(2000), 'A')));
  }

  /// A signature with tags added that it was not made with, or spoiled, or both.
  std::string signature(const std::string& genuine) {
    std::string value = genuine;
    for (std::size_t tags = below(3); tags > 0; --tags) {
      value += any(kSignatureTags);
    }
    return spoiled(value);
  }

  /// Puts something into a text, takes something out, or repeats a part, in half of all cases.
  std::string spoiled(std::string text) {
    if (text.empty() || one_in(2)) {
      return text;
    }
    const std::size_t place = below(text.size());
    switch (below(4)) {
      case 0: text.insert(place, 1, static_cast<char>(below(256))); break;
      case 1: text.erase(place, below(20)); break;
      case 2: text.insert(place, text.substr(below(text.size()), below(200))); break;
      default: text.insert(place, std::string(below(3000), "A%.-/ "[below(6)])); break;
    }
    return text;
  }

 private:
  static constexpr std::array<std::string_view, 5> kQualifiers{"", "+", "-", "~", "?"};
  static constexpr std::array<std::string_view, 14> kTerms{"all",
                                                           "a",
                                                           "mx",
                                                           "ptr",
                                                           "a:",
                                                           "mx:",
                                                           "ptr:",
                                                           "include:",
                                                           "exists:",
                                                           "ip4:",
                                                           "ip6:",
                                                           "redirect=",
                                                           "exp=",
                                                           "x-y="};
  static constexpr std::array<std::string_view, 12> kMacros{"%{s}",
                                                            "%{l}",
                                                            "%{o}",
                                                            "%{d}",
                                                            "%{i}",
                                                            "%{p}",
                                                            "%{v}",
                                                            "%{h}",
                                                            "%{ir}",
                                                            "%{d2}",
                                                            "%{L99999999r-+,/_=}",
                                                            "%{"};
  static constexpr std::array<std::string_view, 8> kNetworks{"192.0.2.7",
                                                             "0.0.0.0/0",
                                                             "192.0.2.0/24",
                                                             "198.51.100.1/33",
                                                             "::/0",
                                                             "2001:db8::1/64",
                                                             "1.2.3",
                                                             "::ffff:192.0.2.7"};
  static constexpr std::array<std::string_view, 6> kLengths{"", "/24", "//64", "/0//0", "/33", "/"};
  static constexpr std::array<std::string_view, 9> kDmarcTags{
      ";p=", "; sp=", ";np=", "; adkim=", ";aspf=", ";psd=", ";pct=", ";rua=", ";"};
  static constexpr std::array<std::string_view, 9> kDmarcValues{
      "none", "reject", "quarantine", "s", "r", "y", "mailto:a@b", "!", ""};
  static constexpr std::array<std::string_view, 10> kKeyTags{"v=DKIM1;",
                                                             "k=rsa;",
                                                             "k=ed25519;",
                                                             "t=y;",
                                                             "t=s;",
                                                             "h=sha256;",
                                                             "h=sha1;",
                                                             "s=email;",
                                                             "s=x;",
                                                             "n=%00;"};

  static constexpr std::array<std::string_view, 16> kSignatureTags{"; t=99999999999",
                                                                   "; t=0",
                                                                   "; t=-1",
                                                                   "; x=99999999999999999999",
                                                                   "; x=4102444800",
                                                                   "; l=0",
                                                                   "; l=18446744073709551615",
                                                                   "; l=-5",
                                                                   "; q=file",
                                                                   "; q=dns/txt:x",
                                                                   "; c=foo/bar",
                                                                   "; i=@attacker.example",
                                                                   "; r=y",
                                                                   "; z=From:a|To:b",
                                                                   "; atps=x.example; atpsh=none",
                                                                   "; i="};

  bool one_in(std::size_t cases) { return below(cases) == 0; }

  template <std::size_t size>
  std::string any(const std::array<std::string_view, size>& words) {
    return std::string{words.at(below(size))};
  }

  std::string domain() {
    std::string text;
    for (std::size_t macros = below(4); macros > 0; --macros) {
      text += any(kMacros) + (one_in(2) ? "." : "");
    }
    return text + (one_in(8) ? std::string(below(300), 'x') : std::string{}) + name();
  }

  std::string term() {
    const std::string word = any(kTerms);
    const std::string text = any(kQualifiers) + word;
    if (word.starts_with("ip")) {
      return text + any(kNetworks);
    }
    const bool has_domain = word.ends_with(':') || word.ends_with('=');
    return text + (has_domain ? domain() : std::string{}) +
           (one_in(3) ? any(kLengths) : std::string{});
  }

  std::minstd_rand chance_;
};

}  // namespace tests
