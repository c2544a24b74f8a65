// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/live_authentication.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/authenticator.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/dns/stub_resolver.h"
#include "gateway/authentication/spf/spf_result.h"
#include "gateway/message/header_block.h"
#include "gateway/message/line_ends.h"
#include "gateway/message/octets.h"
#include "gateway/session/judge.h"
#include "gateway/tools/judged_message.h"
#include "policy/guarded.h"
#include "policy/ip_address.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/explanation.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Answers = std::map<DnsQuestion, DnsAnswer>;

// Remembers what was asked, and hands it on.
class RecordingResolver final : public DnsResolver {
 public:
  RecordingResolver(std::unique_ptr<DnsResolver> asked, policy::Guarded<Answers>& answers)
      : asked_(std::move(asked)), answers_(answers) {}

  [[nodiscard]] DnsAnswer ask(const DnsQuestion& question, Deadline deadline) override {
    DnsAnswer answer = asked_->ask(question, deadline);
    answers_.with([&](Answers& answers) { answers.insert_or_assign(question, answer); });
    return answer;
  }

  void prefetch(const DnsQuestion& question) override { asked_->prefetch(question); }

  void stop() override { asked_->stop(); }

 private:
  std::unique_ptr<DnsResolver> asked_;
  policy::Guarded<Answers>& answers_;
};

std::string_view word(DnsType type) {
  switch (type) {
    case DnsType::kA: return "A";
    case DnsType::kPtr: return "PTR";
    case DnsType::kMx: return "MX";
    case DnsType::kTxt: return "TXT";
    case DnsType::kAaaa: break;
  }
  return "AAAA";
}

std::string records_text(const DnsAnswer& answer) {
  constexpr std::size_t kLongest = 400;
  std::string text;
  const auto add = [&text](std::string_view record) {
    text += text.empty() ? "" : " | ";
    text += policy::visible_text(record.substr(0, kLongest));
    text += record.size() > kLongest ? " ... (cut)" : "";
  };
  std::ranges::for_each(answer.texts, add);
  std::ranges::for_each(answer.names, add);
  for (const policy::IpAddress& address : answer.addresses) {
    add(policy::ip_address_text(address));
  }
  return text;
}

std::string answer_text(const DnsAnswer& answer) {
  switch (answer.status) {
    case DnsStatus::kFound: return records_text(answer);
    case DnsStatus::kNoData: return "the name has no such record";
    case DnsStatus::kNoName: return "the name does not exist";
    case DnsStatus::kTemporaryFailure: break;
  }
  return "no answer that can be used";
}

std::string spf_text(const AuthenticationOutcome& outcome, const ToldMessage& message) {
  const std::string whose = policy::visible_text(outcome.spf_domain) +
                            (outcome.is_spf_of_helo ? ", of HELO," : ", of the envelope sender,");
  if (outcome.spf_domain.empty()) {
    return "not asked: there is neither an envelope sender nor a HELO; give --mail-from";
  }
  if (!outcome.spf.has_value()) {
    return "not asked: " + whose + " does not align with " + outcome.from_domain +
           " in From, so its word counts for nothing, or no DMARC record wants it";
  }
  const std::string result = std::string{word(*outcome.spf)} + ": " + whose;
  switch (*outcome.spf) {
    case SpfResult::kPass:
      return result + " lets " + message.client_ip + " send, and aligns with From";
    case SpfResult::kFail: return result + " forbids " + message.client_ip + " to send";
    case SpfResult::kSoftFail:
      return result + " thinks that " + message.client_ip + " may not send";
    case SpfResult::kNone: return result + " publishes no SPF record";
    case SpfResult::kNeutral:
      return result + " does not say whether " + message.client_ip + " may send";
    case SpfResult::kTempError: return result + " could not be asked; another time it may";
    case SpfResult::kPermError: break;
  }
  return result + " publishes a record that is wrong, or asks for too much";
}

std::string dkim_text(const DkimOutcome& signature) {
  const std::string result = std::string{word(signature.result)} + ": the signature of " +
                             policy::visible_text(signature.domain) + " by selector " +
                             policy::visible_text(signature.selector);
  switch (signature.result) {
    case DkimResult::kPass: return result + " is right, and aligns with From";
    case DkimResult::kPolicy:
      return result +
             " is right, but proves nothing: a key on trial, a short one, or part of the body";
    case DkimResult::kTempError: return result + " could not be checked; another time it may";
    case DkimResult::kPermError: return result + ", or its key, is not as it must be";
    case DkimResult::kNone:
    case DkimResult::kNeutral:
    case DkimResult::kFail: break;
  }
  return result + " is not of this message, or is no longer good";
}

std::string dmarc_text(DmarcResult result, const AuthenticationOutcome& outcome) {
  const std::string text = std::string{word(result)} + ": ";
  switch (result) {
    case DmarcResult::kNone:
      return text + outcome.from_domain + " publishes no record, nor does its organization";
    case DmarcResult::kPass: return text + "SPF or DKIM passed for a domain that aligns with From";
    case DmarcResult::kFail:
      return text + "neither SPF nor DKIM passed for a domain that aligns with From";
    case DmarcResult::kTempError: return text + "not all that matters could be had; see above";
    case DmarcResult::kPermError: break;
  }
  return text + "From has no domain that mail can come from";
}

void tell(const Answers& answers,
          const AuthenticationOutcome& outcome,
          const ToldMessage& message,
          policy::Explanation& explanation) {
  for (const auto& [question, answer] : answers) {
    explanation.add("dns",
                    policy::visible_text(question.name) + ' ' + std::string{word(question.type)} +
                        ": " + answer_text(answer));
  }
  explanation.add("spf", spf_text(outcome, message));
  for (const DkimOutcome& signature : outcome.dkim) {
    explanation.add("dkim", dkim_text(signature));
  }
  if (outcome.dkim.empty()) {
    explanation.add("dkim",
                    outcome.has_aligned_pass() ? "not asked: SPF has settled it"
                                               : "not asked: no signature that can be read is of a "
                                                 "domain that aligns with From, or no DMARC record "
                                                 "wants one");
  }
  if (outcome.dmarc.has_value()) {
    explanation.add("dmarc", dmarc_text(*outcome.dmarc, outcome));
  }
}

// Signatures may depend on the space after the colon.
std::vector<SignedField> fields_of(std::string_view header) {
  std::vector<SignedField> fields;
  for (const HeaderField& field : parse_header_block(header).fields) {
    const char before = field.value.data() > header.data() ? *(field.value.data() - 1) : ':';
    const bool has_blank = is_white_space(before);
    fields.push_back({.name = std::string{field.name},
                      .value = (has_blank ? std::string{before} : "") + std::string{field.value}});
  }
  return fields;
}

}  // namespace

policy::Result<AuthenticationOutcome> authenticate_live(const ToldMessage& message,
                                                        const std::string& body,
                                                        const AuthenticationNeed& need,
                                                        AuthenticationSettings settings,
                                                        policy::Explanation& explanation) {
  const auto client = policy::parse_ip_address(message.client_ip);
  if (!client.has_value()) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "'" + message.client_ip + "' is no address of a client");
  }
  auto asked = StubResolver::start(settings.dns);
  if (!asked.has_value()) {
    return std::unexpected{std::move(asked.error())};
  }
  policy::Guarded<Answers> answers;
  settings.workers = 1;
  const auto authenticator = Authenticator::start(
      std::move(settings), std::make_unique<RecordingResolver>(*std::move(asked), answers));
  if (!authenticator.has_value()) {
    return std::unexpected{authenticator.error()};
  }
  const auto check = (*authenticator)
                         ->begin({.from_domain = need.from_domain,
                                  .client = client,
                                  .helo = message.helo,
                                  .mail_from = message.mail_from,
                                  .fields = fields_of(message.header),
                                  .only_if_published = need.only_if_published,
                                  .needs_dkim = need.needs_dkim});
  check->add_body(with_crlf(body));
  AuthenticationOutcome outcome = check->finish();
  tell(answers.get(), outcome, message, explanation);
  return outcome;
}

}  // namespace gateway
