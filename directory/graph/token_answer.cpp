// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/token_answer.h"

#include "directory/graph/application.h"
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
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using Kind = GraphFailureKind;

constexpr std::size_t kLongestSentence = 300;
// Tokens live for an hour or a day. What is said to live longer is asked for again all the same.
constexpr std::chrono::seconds kLongestLifetime = std::chrono::hours{24};
constexpr std::string_view kCodePrefix = "AADSTS";

// What a refusal means and what to do about it.
struct Meaning {
  Kind kind;
  TokenRetry retry = TokenRetry::kNever;
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

constexpr std::string_view kCredentialAdvice = "look at the directory's credential";
constexpr std::string_view kExpiredAdvice =
    "the client secret has expired; make a new one in Entra and write its value into the secret "
    "file";
constexpr std::string_view kPublicAdvice =
    "the application is a public client, which takes no secret; register a confidential one";

Meaning busy() {
  return {.kind = Kind::kUnavailable, .retry = TokenRetry::kLater, .advice = kWait};
}

Meaning final_meaning(Kind kind, std::string_view advice) {
  return {.kind = kind, .retry = TokenRetry::kNever, .advice = advice};
}

// The AADSTS codes that are worth a branch.
std::optional<Meaning> meaning_of_code(std::int64_t code) {
  switch (code) {
    case 90006:
    case 90012:
    case 90024:
    case 90033: return busy();
    case 700027:
      return Meaning{.kind = Kind::kCredential, .retry = TokenRetry::kKey, .advice = kKeyAdvice};
    case 50013:
    case 500133:
    case 700024: return final_meaning(Kind::kClock, kClockAdvice);
    case 7000215: return final_meaning(Kind::kCredential, kSecretAdvice);
    case 7000222: return final_meaning(Kind::kCredential, kExpiredAdvice);
    case 50012:
    case 70002: return final_meaning(Kind::kCredential, kCredentialAdvice);
    case 700025: return final_meaning(Kind::kCredential, kPublicAdvice);
    case 700030: return final_meaning(Kind::kCredential, kKeyAdvice);
    case 65001:
    case 65004:
    case 650056:
    case 700011:
    case 700016: return final_meaning(Kind::kConsent, kAuthorizeAgain);
    case 500011:
    case 650052:
    case 650057: return final_meaning(Kind::kConsent, kServiceAdvice);
    case 90002:
    case 9001023: return final_meaning(Kind::kTenant, kTenantAdvice);
    case 70011:
    case 90013:
    case 900144:
    case 9002313: return final_meaning(Kind::kRefused, kRequestAdvice);
    case 53003: return final_meaning(Kind::kRefused, kPolicyAdvice);
    case 70001:
    case 7000112: return final_meaning(Kind::kRefused, kDisabledAdvice);
    default: return std::nullopt;
  }
}

// What other codes mean, by the `error` of OAuth.
Meaning meaning_of_error(std::string_view word) {
  if (word == "temporarily_unavailable") {
    return busy();
  }
  if (word == "invalid_client") {
    return final_meaning(Kind::kCredential, kCredentialAdvice);
  }
  if (word == "unauthorized_client" || word == "consent_required") {
    return final_meaning(Kind::kConsent, kAuthorizeAgain);
  }
  return final_meaning(Kind::kRefused, "look the code up at login.microsoftonline.com/error");
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

// The items of a list that `is_wanted`; none if it is no list.
template <typename IsWanted>
std::vector<json::value> items_of(const json::object& object,
                                  std::string_view name,
                                  IsWanted is_wanted) {
  std::vector<json::value> items;
  const json::value* found = object.if_contains(name);
  if (found != nullptr && found->is_array()) {
    std::ranges::copy_if(found->get_array(), std::back_inserter(items), is_wanted);
  }
  return items;
}

// The code that a description begins with; 0 if there is none.
std::int64_t code_in(const std::string& description) {
  std::int64_t code = 0;
  if (description.starts_with(kCodePrefix)) {
    const char* const begin = description.data() + kCodePrefix.size();
    static_cast<void>(std::from_chars(begin, description.data() + description.size(), code));
  }
  return code;
}

struct Classified {
  std::int64_t code = 0;  // 0 if there is none
  Meaning meaning;
};

Classified classify(const json::object& answer) {
  const auto listed =
      items_of(answer, "error_codes", [](const json::value& code) { return code.is_int64(); });
  const std::int64_t described = code_in(text_member(answer, "error_description"));
  for (const json::value& code : listed) {
    if (const auto meaning = meaning_of_code(code.get_int64())) {
      return {.code = code.get_int64(), .meaning = *meaning};
    }
  }
  if (const auto meaning = meaning_of_code(described)) {
    return {.code = described, .meaning = *meaning};
  }
  return {.code = listed.empty() ? described : listed.front().get_int64(),
          .meaning = meaning_of_error(text_member(answer, "error"))};
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
  const Classified known = classify(answer);
  std::string code = known.code == 0 ? first_sentence(text_member(answer, "error"))
                                     : std::string{kCodePrefix} + std::to_string(known.code);
  std::string said = first_sentence(text_member(answer, "error_description"));
  if (!said.starts_with(code)) {
    said.insert(0, code + ": ");
  }
  std::string message = fmt::format("no token for application {} in tenant {}: {} - {}",
                                    application.client_id,
                                    application.tenant,
                                    said,
                                    known.meaning.advice);
  return {.failure = graph_failure(
              known.meaning.kind, std::move(message), response.status, std::move(code)),
          .retry = known.meaning.retry};
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
  const auto is_text = [](const json::value& role) { return role.is_string(); };
  for (const json::value& role : items_of(claims, "roles", is_text)) {
    token.roles.emplace_back(role.get_string());
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
                     .lifetime = std::min(std::chrono::seconds{seconds}, kLongestLifetime)};
}

}  // namespace directory
