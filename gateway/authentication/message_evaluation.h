// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/dmarc/dmarc_discovery.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/helper/helper_slot.h"
#include "policy/mail_records/public_suffix_list.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gateway {

/// What an evaluation asks with.
struct EvaluationTools {
  DnsResolver& resolver;                                 ///< outlives it
  std::shared_ptr<const policy::PublicSuffixList> list;  ///< null: RFC 9989's tree walk
};

/// Works out the authentication of one message, in two steps, lazily: DMARC's record, SPF, and DKIM
/// only if that is still of use. Used by one thread at a time.
class MessageEvaluation {
 public:
  static constexpr std::size_t kMostSeen = 64;     ///< signatures looked at
  static constexpr std::size_t kMostVerified = 8;  ///< of those that align
  static constexpr std::size_t kMostFieldOctets = std::size_t{1} * 1024 * 1024;

  MessageEvaluation(EvaluationTools tools, AuthenticationRequest request);

  /// Whether a signature might align, as far as can be told without asking anybody.
  [[nodiscard]] bool may_need_body() const { return !candidates_.empty(); }

  /// Whether the body is needed after all.
  [[nodiscard]] bool work_out_header(HelperSlot& slot, DnsResolver::Deadline deadline);

  /// `body` is the whole of it.
  void work_out_body(HelperSlot& slot,
                     std::span<const std::string> body,
                     DnsResolver::Deadline deadline);

  /// Gives up: what was not worked out by now is not available.
  void give_up();

  /// Of what was worked out.
  [[nodiscard]] const AuthenticationOutcome& outcome() const { return outcome_; }

 private:
  /// A signature that may be verified.
  struct Candidate {
    DkimSignature signature;
    std::size_t field = 0;  ///< its number
  };

  void collect_candidates();
  void work_out_spf(HelperSlot& slot, DmarcDiscovery& discovery, DnsResolver::Deadline deadline);
  void choose_signatures(DmarcDiscovery& discovery);
  void conclude(HelperSlot& slot, DnsResolver::Deadline deadline);
  [[nodiscard]] DkimTask dkim_task(DnsResolver::Deadline deadline);
  [[nodiscard]] std::string field_text(std::size_t field) const;

  EvaluationTools tools_;
  AuthenticationRequest request_;
  std::vector<Candidate> candidates_;
  DiscoveredDmarc dmarc_;
  AuthenticationOutcome outcome_;
};

}  // namespace gateway
