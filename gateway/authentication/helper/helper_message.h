// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dmarc_record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

// What the gateway and its helper process say to each other. A message is its length in four
// octets, the least first, its kind in one octet and its content. Whoever reads one that is not as
// it must be ends the conversation.

/// Kinds of messages. The numbers are the protocol's.
enum class HelperMessageKind : std::uint8_t {
  // To the helper.
  kSpfTask = 1,
  kDnsReply = 2,
  kDmarcTask = 3,
  kDkimTask = 4,
  kBody = 5,
  kEndOfBody = 6,
  // From the helper.
  kReady = 64,
  kSpfQuestion = 65,
  kSpfReport = 66,
  kDmarcReport = 67,
  kDkimReport = 68,
};

struct HelperMessage {
  HelperMessageKind kind = HelperMessageKind::kReady;
  std::string content;
};

inline constexpr std::size_t kHelperPrefixOctets = 5;                          ///< length and kind
inline constexpr std::size_t kLongestFromHelper = std::size_t{64} * 1024;      ///< content
inline constexpr std::size_t kLongestToHelper = std::size_t{4} * 1024 * 1024;  ///< content

/// As it goes over the socket. `content` is at most 4 GiB.
[[nodiscard]] std::string framed(const HelperMessage& message);

/// The kind and the length of the content that follows; nothing where it is longer than `longest`
/// or of no known kind. `prefix` has `kHelperPrefixOctets`.
struct HelperPrefix {
  HelperMessageKind kind = HelperMessageKind::kReady;
  std::size_t content_octets = 0;
};

[[nodiscard]] std::optional<HelperPrefix> parse_helper_prefix(std::string_view prefix,
                                                              std::size_t longest);

/// Checks SPF for a client; the sender's record is the term number zero.
struct SpfTask {
  policy::IpAddress client{};
};

/// What the library asks in the course of it; the answer is a DnsAnswer without lifetime.
struct SpfQuestion {
  std::uint32_t term = 0;
  DnsType type = DnsType::kTxt;
};

/// Evaluates DMARC where all is known.
struct DmarcTask {
  std::string domain;                                       ///< of From, as `is_mail_domain` has it
  policy::DmarcPolicy policy = policy::DmarcPolicy::kNone;  ///< that applies to this domain
  bool spf_aligned = false;                                 ///< SPF passed for a domain that aligns
  bool dkim_aligned = false;                                ///< DKIM passed for one
};

/// How a public key was found.
enum class DkimKeyStatus : std::uint8_t { kFound, kAbsent, kTemporaryFailure };

/// One signature to verify.
struct DkimSignatureTask {
  std::string field;  ///< DKIM-Signature field: name, colon, value
  DkimKeyStatus key_status = DkimKeyStatus::kTemporaryFailure;
  std::string key;  ///< the record
};

/// Verifies signatures, each for itself; body and end of body follow.
struct DkimTask {
  std::vector<std::string> fields;  ///< name, colon, value with CRLF at folds
  std::vector<DkimSignatureTask> signatures;
};

/// What the library says of one signature, in the order of the task.
struct DkimFacts {
  std::string domain;
  std::string selector;
  bool is_verified = false;  ///< signature and body hash are right
  bool is_test_key = false;
  bool failed_for_now = false;  ///< the key could not be had
  std::uint32_t error = 0;      ///< DKIM_SIGERROR_*, for the log
  std::uint32_t key_bits = 0;
  bool is_sha1 = false;
  bool leaves_body_unsigned = false;  ///< l= covers less than the body
};

[[nodiscard]] std::string encoded(const SpfTask& task);
[[nodiscard]] std::string encoded(const SpfQuestion& question);
[[nodiscard]] std::string encoded(const DnsAnswer& answer);
[[nodiscard]] std::string encoded(SpfResult result);
[[nodiscard]] std::string encoded(const DmarcTask& task);
[[nodiscard]] std::string encoded_dmarc_report(bool passes);
[[nodiscard]] std::string encoded(const DkimTask& task);
[[nodiscard]] std::string encoded(const std::vector<DkimFacts>& report);

// Each reads the content of one kind of message; nothing where the other side did not write it so.
[[nodiscard]] std::optional<SpfTask> decode_spf_task(std::string_view content);
[[nodiscard]] std::optional<SpfQuestion> decode_spf_question(std::string_view content);
[[nodiscard]] std::optional<DnsAnswer> decode_dns_answer(std::string_view content);
[[nodiscard]] std::optional<SpfResult> decode_spf_report(std::string_view content);
[[nodiscard]] std::optional<DmarcTask> decode_dmarc_task(std::string_view content);
[[nodiscard]] std::optional<bool> decode_dmarc_report(std::string_view content);
[[nodiscard]] std::optional<DkimTask> decode_dkim_task(std::string_view content);
[[nodiscard]] std::optional<std::vector<DkimFacts>> decode_dkim_report(std::string_view content);

}  // namespace gateway
