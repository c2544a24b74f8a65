// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/mail_records/spf_macro.h"
#include "policy/mail_records/spf_record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Stands between an SPF library and DNS for one check. The library never sees a name or a record
/// of the sender: each term of a record that passes RFC 7208's grammar gets a number, and the
/// library is given a record in which numbers stand for names. What it asks by number is looked up
/// here, within the limits of RFC 7208, 4.6.4: 10 terms that cause look-ups, 2 void ones, and 111
/// questions to DNS in all. Terms that cannot match the client are left out; explanations never
/// exist.
///
/// Used by one thread.
class SpfGuard {
 public:
  static constexpr unsigned kMostTerms = 10;
  static constexpr unsigned kMostVoidLookUps = 2;
  static constexpr unsigned kMostQuestions = 111;
  static constexpr unsigned kMostNames = 10;  ///< of one `mx` or `ptr`

  /// `resolver` outlives the guard. Later than `deadline` everything is a temporary error.
  SpfGuard(DnsResolver& resolver, policy::SpfSubject subject, DnsResolver::Deadline deadline);

  /// Fetches the sender's own record. Whatever needs no library is decided by this.
  void begin();

  /// What the library is told. It may ask anything: a question that fits no term finds nothing.
  [[nodiscard]] DnsAnswer answer(std::uint32_t number, DnsType type);

  /// The result where it does not depend on the library, whatever the library says then.
  [[nodiscard]] std::optional<SpfResult> decided() const { return decided_; }

  /// Asked of DNS so far, answers from the cache included.
  [[nodiscard]] unsigned questions() const { return questions_; }

 private:
  /// What a number stands for.
  struct Term {
    enum class Kind {
      kRecord,       ///< include, redirect: the record of a domain
      kAddresses,    ///< a
      kExchanges,    ///< mx
      kExchange,     ///< one name of an mx
      kAnyAddress,   ///< a with /0: whether there is an address
      kAnyExchange,  ///< mx with /0
      kPointers,     ///< ptr
      kExists,
    };

    Kind kind = Kind::kRecord;
    std::string spec;                ///< domain-spec; empty: the domain itself
    std::string domain;              ///< of the record that has it; of kExchange the name
    std::optional<DnsAnswer> known;  ///< what was answered before
  };

  [[nodiscard]] DnsAnswer evaluate(std::uint32_t number);
  [[nodiscard]] DnsAnswer record_of(const std::string& domain, bool is_first);
  [[nodiscard]] DnsAnswer exchanges_of(const std::string& domain);
  [[nodiscard]] DnsAnswer any_exchange(const std::string& domain);
  [[nodiscard]] DnsAnswer pointers_within(const std::string& domain);
  [[nodiscard]] const std::vector<std::string>& validated_names();
  [[nodiscard]] std::string validated_name_for(std::string_view domain);
  [[nodiscard]] DnsAnswer ask(const std::string& name, DnsType type);
  [[nodiscard]] DnsAnswer ask_for_term(const std::string& name, DnsType type);
  [[nodiscard]] DnsType address_type() const;
  [[nodiscard]] std::string expand(const Term& term);
  [[nodiscard]] std::string rewritten(const policy::SpfRecord& record, const std::string& domain);
  [[nodiscard]] std::optional<std::string> rewritten(const policy::SpfDirective& directive,
                                                     const std::string& domain);
  [[nodiscard]] std::string new_term(Term::Kind kind, std::string spec, std::string domain);
  DnsAnswer decide(SpfResult result);

  DnsResolver& resolver_;
  policy::SpfSubject subject_;
  DnsResolver::Deadline deadline_;
  std::vector<Term> terms_;  // by number
  unsigned counted_terms_ = 0;
  unsigned void_look_ups_ = 0;
  unsigned questions_ = 0;
  std::optional<std::vector<std::string>> validated_names_;
  std::optional<SpfResult> decided_;
};

}  // namespace gateway
