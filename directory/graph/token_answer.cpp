// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/token_answer.h"

#include "directory/graph/failure.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "policy/base64.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using Kind = GraphFailureKind;

constexpr std::size_t kLongestSentence = 300;
constexpr std::string_view kCodePrefix = "AADSTS";

struct KnownCode {
  std::int64_t code;
  Kind kind;
  TokenRetry retry;
  std::string_view advice;
};

constexpr std::string_view kWait = "it may work later";
constexpr std::string_view kClockAdvice = "set this machine's clock, and keep it right with NTP";
constexpr std::string_view kSecretAdvice =
    "write the value of a client secret of the application (not its id) into the secret file";
constexpr std::string_view kKeyAdvice =
    "upload the certificate of the directory's credential to the application in Entra";
constexpr std::string_view kServiceAdvice =
    "the tenant does not have this service, or consent to it is missing; authorize the directory "
    "again: fromguard-directory directories authorize NAME";
constexpr std::string_view kTenantAdvice = "look at `tenant` and `cloud` of the directory";
constexpr std::string_view kRequestAdvice = "look at the URLs of the directory's `cloud`";
constexpr std::string_view kPolicyAdvice =
    "a Conditional Access policy of the tenant keeps the application out; exempt it";
constexpr std::string_view kDisabledAdvice = "enable the application in Entra";

constexpr std::array kKnownCodes{
    KnownCode{90006, Kind::kUnavailable, TokenRetry::kLater, kWait},
    KnownCode{90012, Kind::kUnavailable, TokenRetry::kLater, kWait},
    KnownCode{90024, Kind::kUnavailable, TokenRetry::kLater, kWait},
    KnownCode{90033, Kind::kUnavailable, TokenRetry::kLater, kWait},
    KnownCode{700027, Kind::kCredential, TokenRetry::kKey, kKeyAdvice},
    KnownCode{700024, Kind::kClock, TokenRetry::kNever, kClockAdvice},
    KnownCode{50013, Kind::kClock, TokenRetry::kNever, kClockAdvice},
    KnownCode{500133, Kind::kClock, TokenRetry::kNever, kClockAdvice},
    KnownCode{7000215, Kind::kCredential, TokenRetry::kNever, kSecretAdvice},
    KnownCode{7000222,
              Kind::kCredential,
              TokenRetry::kNever,
              "the client secret has expired; make a new one in Entra and write its value into the "
              "secret file"},
    KnownCode{70002, Kind::kCredential, TokenRetry::kNever, "look at the directory's credential"},
    KnownCode{50012, Kind::kCredential, TokenRetry::kNever, "look at the directory's credential"},
    KnownCode{
        700025,
        Kind::kCredential,
        TokenRetry::kNever,
        "the application is a public client, which takes no secret; register a confidential one"},
    KnownCode{700030, Kind::kCredential, TokenRetry::kNever, kKeyAdvice},
    KnownCode{65001, Kind::kConsent, TokenRetry::kNever, kAuthorizeAgain},
    KnownCode{65004, Kind::kConsent, TokenRetry::kNever, kAuthorizeAgain},
    KnownCode{700016, Kind::kConsent, TokenRetry::kNever, kAuthorizeAgain},
    KnownCode{700011, Kind::kConsent, TokenRetry::kNever, kAuthorizeAgain},
    KnownCode{500011, Kind::kConsent, TokenRetry::kNever, kServiceAdvice},
    KnownCode{650052, Kind::kConsent, TokenRetry::kNever, kServiceAdvice},
    KnownCode{650056, Kind::kConsent, TokenRetry::kNever, kAuthorizeAgain},
    KnownCode{650057, Kind::kConsent, TokenRetry::kNever, kServiceAdvice},
    KnownCode{90002, Kind::kTenant, TokenRetry::kNever, kTenantAdvice},
    KnownCode{9001023, Kind::kTenant, TokenRetry::kNever, kTenantAdvice},
    KnownCode{70011, Kind::kRefused, TokenRetry::kNever, kRequestAdvice},
    KnownCode{900144, Kind::kRefused, TokenRetry::kNever, kRequestAdvice},
    KnownCode{9002313, Kind::kRefused, TokenRetry::kNever, kRequestAdvice},
    KnownCode{90013, Kind::kRefused, TokenRetry::kNever, kRequestAdvice},
    KnownCode{53003, Kind::kRefused, TokenRetry::kNever, kPolicyAdvice},
    KnownCode{70001, Kind::kRefused, TokenRetry::kNever, kDisabledAdvice},
    KnownCode{7000112, Kind::kRefused, TokenRetry::kNever, kDisabledAdvice},
};

// What to do with codes that are not in the table, by the `error` of OAuth.
KnownCode by_error_word(std::string_view word, std::int64_t code) {
  if (word == "temporarily_unavailable") {
    return {code, Kind::kUnavailable, TokenRetry::kLater, kWait};
  }
  if (word == "invalid_client") {
    return {code, Kind::kCredential, TokenRetry::kNever, "look at the directory's credential"};
  }
  if (word == "unauthorized_client" || word == "consent_required") {
    return {code, Kind::kConsent, TokenRetry::kNever, kAuthorizeAgain};
  }
  return {code,
          Kind::kRefused,
          TokenRetry::kNever,
          "look the code up at login.microsoftonline.com/error"};
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

json::object parse_object(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  return !error && value.is_object() ? value.get_object() : json::object{};
}

// The codes of `error_codes`, then the one that the description begins with.
std::vector<std::int64_t> codes_of(const json::object& answer) {
  std::vector<std::int64_t> codes;
  if (const json::value* listed = answer.if_contains("error_codes");
      listed != nullptr && listed->is_array()) {
    for (const json::value& code : listed->get_array()) {
      if (code.is_int64()) {
        codes.push_back(code.get_int64());
      }
    }
  }
  std::string description = text_member(answer, "error_description");
  if (description.starts_with(kCodePrefix)) {
    std::int64_t code = 0;
    const char* begin = description.data() + kCodePrefix.size();
    if (std::from_chars(begin, description.data() + description.size(), code).ec == std::errc{}) {
      codes.push_back(code);
    }
  }
  return codes;
}

KnownCode classify(const json::object& answer) {
  const std::vector<std::int64_t> codes = codes_of(answer);
  for (const std::int64_t code : codes) {
    const auto* known = std::ranges::find(kKnownCodes, code, &KnownCode::code);
    if (known != kKnownCodes.end()) {
      return *known;
    }
  }
  return by_error_word(text_member(answer, "error"), codes.empty() ? 0 : codes.front());
}

TokenRefusal unavailable(const HttpResponse& response, std::string_view why) {
  std::string message =
      fmt::format("the login service gave no token (HTTP {}): {}; {}", response.status, why, kWait);
  return {.failure = graph_failure(Kind::kUnavailable, std::move(message), response.status),
          .retry = TokenRetry::kLater};
}

TokenRefusal refusal(const HttpResponse& response, const Application& application) {
  const json::object answer = parse_object(response.body);
  if (response.status == 429 || response.status >= 500) {
    return unavailable(response, "it is busy or not available");
  }
  if (!answer.contains("error")) {
    return unavailable(response, "this is no answer of a login service");
  }
  const KnownCode known = classify(answer);
  std::string code = known.code == 0 ? text_member(answer, "error")
                                     : std::string{kCodePrefix} + std::to_string(known.code);
  std::string said = first_sentence(text_member(answer, "error_description"));
  if (!said.starts_with(code)) {
    said.insert(0, code + ": ");
  }
  std::string message = fmt::format("no token for application {} in tenant {}: {} - {}",
                                    application.client_id,
                                    application.tenant,
                                    said,
                                    known.advice);
  return {
      .failure = graph_failure(known.kind, std::move(message), response.status, std::move(code)),
      .retry = known.retry};
}

}  // namespace

std::string first_sentence(std::string_view text) {
  text = text.substr(0, text.find_first_of("\r\n"));
  for (const std::string_view trace : {" Trace ID:", " Correlation ID:", " Timestamp:"}) {
    text = text.substr(0, text.find(trace));
  }
  if (text.size() > kLongestSentence) {
    std::size_t end = kLongestSentence;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
      --end;
    }
    text = text.substr(0, end);
  }
  return policy::visible_text(text);
}

TokenRefusal describe_transport_failure(policy::Error error) {
  const bool is_passing = error.code == policy::ErrorCode::kUnavailable;
  return {.failure = graph_failure(is_passing ? Kind::kUnavailable : Kind::kRefused,
                                   "no token: " + std::move(error.message)),
          .retry = is_passing ? TokenRetry::kLater : TokenRetry::kNever};
}

AccessToken decode_access_token(std::string text) {
  AccessToken token{.text = std::move(text), .roles = {}, .tenant_id = {}};
  const std::size_t first = token.text.find('.');
  const std::size_t second = token.text.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) {
    return token;
  }
  const auto payload =
      policy::decode_base64url(std::string_view{token.text}.substr(first + 1, second - first - 1));
  const json::object claims = parse_object(payload.value_or(""));
  token.tenant_id = text_member(claims, "tid");
  if (const json::value* roles = claims.if_contains("roles");
      roles != nullptr && roles->is_array()) {
    for (const json::value& role : roles->get_array()) {
      if (role.is_string()) {
        token.roles.emplace_back(role.get_string());
      }
    }
  }
  return token;
}

std::expected<IssuedToken, TokenRefusal> decode_token_answer(const HttpResponse& response,
                                                             const Application& application) {
  if (response.status != 200) {
    return std::unexpected{refusal(response, application)};
  }
  const json::object answer = parse_object(response.body);
  std::string text = text_member(answer, "access_token");
  const json::value* lifetime = answer.if_contains("expires_in");
  boost::system::error_code error;
  const auto seconds = lifetime == nullptr ? 0 : lifetime->to_number<std::int64_t>(error);
  if (text.empty() || error || seconds <= 0) {
    return std::unexpected{unavailable(response, "the answer holds no token")};
  }
  return IssuedToken{.token = decode_access_token(std::move(text)),
                     .lifetime = std::chrono::seconds{seconds}};
}

}  // namespace directory
