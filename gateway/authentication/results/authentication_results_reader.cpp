// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/results/authentication_results_field.h"
#include "gateway/message/octets.h"
#include "policy/mail_records/dns_name.h"
#include "policy/verdict/authentication.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::size_t kLongestField = std::size_t{16} * 1024;
constexpr std::size_t kMostResults = 64;
constexpr std::size_t kMostProperties = 32;
constexpr int kDeepestComment = 16;

bool is_token_octet(char c) {
  return !is_control(c) && !is_eight_bit(c) && !std::string_view{" ()<>@,;:\\\"/[]?="}.contains(c);
}

// Beyond a token, a pvalue without quotes has what addresses, selectors and URIs need.
bool is_value_octet(char c) {
  return is_token_octet(c) || c == '@' || c == '/' || c == ':' || c == '+' || c == '=';
}

bool is_keyword_octet(char c) {
  const char lower = ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

// Takes one element after another from the begin of a field.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  // White space and comments; false for a comment that does not end, or holds what none holds.
  bool skip_space() {
    while (!rest_.empty()) {
      if (is_white_space(rest_.front())) {
        rest_.remove_prefix(1);
      } else if (rest_.front() != '(') {
        return true;
      } else if (!skip_comment()) {
        return false;
      }
    }
    return true;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  template <typename Accepts>
  std::string_view take_while(Accepts accepts) {
    const auto end = std::ranges::find_if_not(rest_, accepts);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  // A quoted string, or octets that are accepted; nothing for neither.
  template <typename Accepts>
  std::optional<std::string> take_value(Accepts accepts) {
    if (!take('"')) {
      const std::string_view plain = take_while(accepts);
      return plain.empty() ? std::nullopt : std::optional{std::string{plain}};
    }
    std::string text;
    while (!rest_.empty()) {
      char c = take_octet();
      if (c == '"') {
        return text;
      }
      if (c == '\\' && !rest_.empty()) {
        c = take_octet();
      }
      if (is_control(c) && c != '\t') {
        return std::nullopt;
      }
      text += c;
    }
    return std::nullopt;
  }

 private:
  char take_octet() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool skip_comment() {
    int depth = 0;
    while (!rest_.empty()) {
      const char c = take_octet();
      if (c == '\0') {
        return false;
      }
      if (c == '\\' && !rest_.empty()) {
        take_octet();
      }
      depth += static_cast<int>(c == '(') - static_cast<int>(c == ')');
      if (depth == 0 || depth > kDeepestComment) {
        return depth == 0;
      }
    }
    return false;
  }

  std::string_view rest_;
};

// `ptype.property=value`, after white space.
std::optional<ResultProperty> take_property(Scanner& scanner) {
  const std::string_view type = scanner.take_while(is_keyword_octet);
  if (type.empty() || !scanner.skip_space() || !scanner.take('.') || !scanner.skip_space()) {
    return std::nullopt;
  }
  const std::string_view property = scanner.take_while(is_keyword_octet);
  if (property.empty() || !scanner.skip_space() || !scanner.take('=') || !scanner.skip_space()) {
    return std::nullopt;
  }
  auto value = scanner.take_value(is_value_octet);
  if (!value.has_value()) {
    return std::nullopt;
  }
  return ResultProperty{.name = lower(type) + '.' + lower(property), .value = *std::move(value)};
}

// `[/version] = result`, after the method's name.
bool take_result_word(Scanner& scanner, MethodResult& result) {
  if (!scanner.skip_space()) {
    return false;
  }
  if (scanner.take('/')) {
    if (!scanner.skip_space() || scanner.take_while(is_keyword_octet) != "1" ||
        !scanner.skip_space()) {
      return false;
    }
  }
  if (!scanner.take('=') || !scanner.skip_space()) {
    return false;
  }
  result.result = lower(scanner.take_while(is_keyword_octet));
  return !result.result.empty() && scanner.skip_space();
}

// Up to the next semicolon or the end.
std::optional<MethodResult> take_result(Scanner& scanner, std::string_view method) {
  MethodResult result;
  result.method = lower(method);
  if (!take_result_word(scanner, result)) {
    return std::nullopt;
  }
  Scanner at_reason = scanner;
  if (equal_ignoring_case(at_reason.take_while(is_keyword_octet), "reason") &&
      at_reason.skip_space() && at_reason.take('=')) {
    scanner = at_reason;
    if (!scanner.skip_space() || !scanner.take_value(is_token_octet).has_value() ||
        !scanner.skip_space()) {
      return std::nullopt;
    }
  }
  Scanner next = scanner;
  while (!scanner.at_end() && !next.take(';')) {
    auto property = take_property(scanner);
    if (!property.has_value() || result.properties.size() == kMostProperties ||
        !scanner.skip_space()) {
      return std::nullopt;
    }
    result.properties.push_back(*std::move(property));
    next = scanner;
  }
  return result;
}

// The authserv-id and the version after it, up to the first semicolon.
std::optional<std::string> take_server(Scanner& scanner) {
  if (!scanner.skip_space()) {
    return std::nullopt;
  }
  const auto server = scanner.take_value(is_token_octet);
  if (!server.has_value() || !scanner.skip_space()) {
    return std::nullopt;
  }
  const std::string_view version = scanner.take_while(is_keyword_octet);
  const bool is_known = version.empty() || version == "1";
  return is_known && scanner.skip_space() ? std::optional{lower(*server)} : std::nullopt;
}

// Whether a field says that there is nothing to say: `; none`.
bool is_no_result(Scanner scanner) {
  return equal_ignoring_case(scanner.take_while(is_keyword_octet), "none") &&
         scanner.skip_space() && scanner.at_end();
}

std::string_view domain_part(std::string_view address) {
  return address.substr(address.rfind('@') + 1);
}

bool is_of(std::optional<std::string_view> value, std::string_view domain) {
  return value.has_value() && policy::lower_dns_name(domain_part(*value)) == domain;
}

policy::AuthenticationResults::Dmarc dmarc_of(std::string_view result) {
  using Dmarc = policy::AuthenticationResults::Dmarc;
  if (result == "pass") {
    return Dmarc::kPass;
  }
  if (result == "fail") {
    return Dmarc::kFail;
  }
  return result == "none" ? Dmarc::kNone : Dmarc::kUnknown;
}

void count(const MethodResult& result,
           std::string_view from_domain,
           policy::AuthenticationResults& all) {
  if (result.method == "dmarc" && is_of(result.property("header.from"), from_domain)) {
    all.dmarc = dmarc_of(result.result);
  }
  if (result.result != "pass") {
    return;
  }
  const bool is_signed = result.method == "dkim" && is_of(result.property("header.d"), from_domain);
  const bool is_sent =
      result.method == "spf" && is_of(result.property("smtp.mailfrom"), from_domain);
  all.dkim_aligned = all.dkim_aligned || is_signed;
  all.aligned_pass = all.aligned_pass || is_signed || is_sent;
}

}  // namespace

std::optional<std::string_view> MethodResult::property(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &ResultProperty::name);
  const bool is_only = std::ranges::count(properties, name, &ResultProperty::name) == 1;
  return is_only ? std::optional<std::string_view>{found->value} : std::nullopt;
}

std::optional<AuthenticationResultsField> parse_authentication_results(std::string_view value) {
  if (value.size() > kLongestField) {
    return std::nullopt;
  }
  Scanner scanner{value};
  auto server = take_server(scanner);
  if (!server.has_value()) {
    return std::nullopt;
  }
  AuthenticationResultsField field{.authserv_id = *std::move(server), .results = {}};
  while (scanner.take(';')) {
    if (!scanner.skip_space()) {
      return std::nullopt;
    }
    const bool is_over = scanner.at_end() || (field.results.empty() && is_no_result(scanner));
    if (is_over) {
      return field;
    }
    const std::string_view method = scanner.take_while(is_keyword_octet);
    auto result = method.empty() ? std::nullopt : take_result(scanner, method);
    if (!result.has_value() || field.results.size() == kMostResults) {
      return std::nullopt;
    }
    field.results.push_back(*std::move(result));
  }
  return scanner.at_end() ? std::optional{std::move(field)} : std::nullopt;
}

std::optional<std::string> claimed_authserv_id(std::string_view value) {
  Scanner scanner{value};
  scanner.skip_space();
  const auto server = scanner.take_value(
      [](char c) { return !is_white_space(c) && c != ';' && c != '(' && c != '/'; });
  return server.has_value() ? std::optional{policy::lower_dns_name(*server)} : std::nullopt;
}

void keep_authentication_results(std::vector<std::string>& kept, std::string_view value) {
  constexpr std::size_t kMostKept = 64;
  constexpr std::size_t kMostOctets = std::size_t{16} * 1024;
  if (kept.size() < kMostKept && value.size() <= kMostOctets) {
    kept.emplace_back(value);
  }
}

std::optional<policy::AuthenticationResults> trusted_results(
    std::span<const std::string> values,
    std::span<const std::string> trusted_authserv_ids,
    std::string_view from_domain) {
  for (const std::string& value : values) {
    const auto claimed = claimed_authserv_id(value);
    const bool is_trusted =
        claimed.has_value() && std::ranges::any_of(trusted_authserv_ids, [&](const auto& trusted) {
          return policy::lower_dns_name(trusted) == *claimed;
        });
    if (!is_trusted) {
      continue;
    }
    const auto field = parse_authentication_results(value);
    if (!field.has_value()) {
      return std::nullopt;
    }
    policy::AuthenticationResults all;
    for (const MethodResult& result : field->results) {
      count(result, from_domain, all);
    }
    return all;
  }
  return std::nullopt;
}

}  // namespace gateway
