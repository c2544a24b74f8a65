// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/url.h"

#include "policy/result.h"

#include <boost/url/encode.hpp>
#include <boost/url/host_type.hpp>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace urls = boost::urls;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kLongestUrl = std::size_t{64} * 1024;
constexpr std::size_t kLongestHost = 253;

std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// The query may hold a token, so that no text of the URL goes into a message.
std::unexpected<policy::Error> refuse(std::string_view why) {
  return fail(ErrorCode::kInvalidInput, "this is no URL to use: " + std::string{why});
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= kLongestHost && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

Result<std::string> host_of(const urls::url_view& view) {
  if (view.host_type() == urls::host_type::ipv6) {
    return view.host_ipv6_address().to_string();
  }
  const std::string_view written{view.encoded_host().data(), view.encoded_host().size()};
  std::string host = in_lower_case(written);
  if (!is_host_name(host)) {
    return refuse("its host is neither a name nor an address");
  }
  return host;
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

Result<std::uint16_t> port_of(const urls::url_view& view, std::string_view scheme) {
  if (!view.has_port() || view.port().empty()) {
    return default_port(scheme);
  }
  if (view.port_number() == 0) {
    return refuse("its port is none of 1 to 65535");
  }
  return view.port_number();
}

std::optional<unsigned> hexadecimal_value(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<unsigned>(c - '0');
  }
  const char lower = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
  if (lower >= 'a' && lower <= 'f') {
    return static_cast<unsigned>(lower - 'a') + 10;
  }
  return std::nullopt;
}

// The octet that `%XX` at this place stands for.
std::optional<char> octet_at(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) {
    return std::nullopt;
  }
  const auto high = hexadecimal_value(text[at + 1]);
  const auto low = hexadecimal_value(text[at + 2]);
  if (!high || !low) {
    return std::nullopt;
  }
  return static_cast<char>(*high * 16 + *low);
}

std::optional<std::string> form_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto octet = octet_at(text, i);
    if (!octet) {
      return std::nullopt;
    }
    decoded += *octet;
    i += 2;
  }
  return decoded;
}

}  // namespace

std::string text_of(const Origin& origin) {
  const bool is_ipv6 = origin.host.find(':') != std::string::npos;
  std::string text = origin.scheme + "://";
  text += is_ipv6 ? '[' + origin.host + ']' : origin.host;
  if (origin.port != default_port(origin.scheme)) {
    text += ':' + std::to_string(origin.port);
  }
  return text;
}

Result<Url> Url::parse(std::string_view text) {
  if (text.size() > kLongestUrl) {
    return refuse("it is over 64 KiB");
  }
  const auto parsed = urls::parse_uri({text.data(), text.size()});
  if (!parsed) {
    return refuse("it is not written as RFC 3986 has it");
  }
  const urls::url_view& view = *parsed;
  // Boost.URL 1.81 reads `http://127.0.0.1.example/` as the host 127.0.0.1 and the path
  // `.example/`.
  if (!view.encoded_path().empty() && view.encoded_path().front() != '/') {
    return refuse("its host begins like an address and goes on like a name");
  }
  Url url;
  url.origin_.scheme = in_lower_case({view.scheme().data(), view.scheme().size()});
  if (url.origin_.scheme != "https" && url.origin_.scheme != "http") {
    return refuse("its scheme is neither https nor http");
  }
  if (view.has_userinfo()) {
    return refuse("it holds a user name");
  }
  if (view.has_fragment()) {
    return refuse("it has a fragment");
  }
  auto host = host_of(view);
  if (!host.has_value()) {
    return std::unexpected{std::move(host).error()};
  }
  url.origin_.host = *std::move(host);
  const auto port = port_of(view, url.origin_.scheme);
  if (!port.has_value()) {
    return std::unexpected{port.error()};
  }
  url.origin_.port = *port;
  const auto target = view.encoded_target();
  url.target_.assign(target.data(), target.size());
  if (!url.target_.starts_with('/')) {
    url.target_.insert(0, 1, '/');
  }
  return url;
}

std::string Url::text() const {
  return text_of(origin_) + target_;
}

bool Url::is_loopback() const {
  if (origin_.host == "localhost" || origin_.host == "::1") {
    return true;
  }
  const auto address = urls::parse_ipv4_address({origin_.host.data(), origin_.host.size()});
  return address.has_value() && address->is_loopback();
}

std::string percent_encoded(std::string_view text) {
  return urls::encode({text.data(), text.size()}, urls::unreserved_chars);
}

Result<QueryParameters> parse_query(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) {
      continue;
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = form_decoded(pair.substr(0, equals));
    auto value = form_decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) {
      return fail(ErrorCode::kInvalidInput, "the query has a percent sign without two digits");
    }
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

std::optional<std::string_view> find_parameter(const QueryParameters& parameters,
                                               std::string_view name) {
  const auto found = std::ranges::find(
      parameters, name, [](const auto& parameter) { return std::string_view{parameter.first}; });
  if (found == parameters.end()) {
    return std::nullopt;
  }
  return found->second;
}

}  // namespace directory
