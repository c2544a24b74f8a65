// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/spf_words.h"

#include "directory/dns/mail_dns.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace json = boost::json;

// In the order of the enumeration.
constexpr std::array<std::string_view, 7> kWords{
    "pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"};

// Two texts of an object that has nothing else.
std::optional<std::pair<std::string, std::string>> parse_pair(std::string_view line,
                                                              std::string_view first,
                                                              std::string_view second) {
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error || !parsed.is_object() || parsed.get_object().size() != 2) {
    return std::nullopt;
  }
  const json::value* const left = parsed.get_object().if_contains(first);
  const json::value* const right = parsed.get_object().if_contains(second);
  if (left == nullptr || right == nullptr || !left->is_string() || !right->is_string()) {
    return std::nullopt;
  }
  return std::pair{std::string{left->get_string()}, std::string{right->get_string()}};
}

}  // namespace

std::string_view word_of(SpfResult result) {
  return kWords.at(static_cast<std::size_t>(std::to_underlying(result)));
}

std::string spf_request_line(const SpfRequest& request) {
  return json::serialize(json::object{{"domain", request.domain}, {"address", request.address}});
}

std::string spf_answer_line(const SpfAnswer& answer) {
  return json::serialize(
      json::object{{"result", word_of(answer.result)}, {"explanation", answer.explanation}});
}

std::optional<SpfRequest> parse_spf_request(std::string_view line) {
  auto pair = parse_pair(line, "domain", "address");
  if (!pair.has_value()) {
    return std::nullopt;
  }
  return SpfRequest{.domain = std::move(pair->first), .address = std::move(pair->second)};
}

std::optional<SpfAnswer> parse_spf_answer(std::string_view line) {
  auto pair = parse_pair(line, "result", "explanation");
  if (!pair.has_value()) {
    return std::nullopt;
  }
  const auto* const word = std::ranges::find(kWords, pair->first);
  if (word == kWords.end()) {
    return std::nullopt;
  }
  return SpfAnswer{.result = static_cast<SpfResult>(std::distance(kWords.begin(), word)),
                   .explanation = std::move(pair->second)};
}

}  // namespace directory
