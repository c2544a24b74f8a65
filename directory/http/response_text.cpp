// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/response_text.h"

#include "directory/http/server.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

namespace http = boost::beast::http;

constexpr unsigned kLeastFinalStatus = 200;
constexpr unsigned kMostStatus = 599;
constexpr unsigned kNoContent = 204;
constexpr unsigned kNotModified = 304;
constexpr std::string_view kStrictTransport = "max-age=31536000";  // a year

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
  });
}

bool is_one_line(std::string_view text) {
  constexpr unsigned char kDelete = 0x7F;
  return std::ranges::none_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < static_cast<unsigned char>(' ') && c != '\t') || octet == kDelete;
  });
}

bool is_written_here(std::string_view name, bool is_tls) {
  constexpr std::array<std::string_view, 4> kOurs{
      "Content-Length", "Transfer-Encoding", "Connection", "Date"};
  const auto is_same = [&](std::string_view ours) {
    return boost::beast::iequals({name.data(), name.size()}, {ours.data(), ours.size()});
  };
  return std::ranges::any_of(kOurs, is_same) || (is_tls && is_same("Strict-Transport-Security"));
}

// RFC 9110, 5.6.7
std::string http_date() {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int kFirstYear = 1900;
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  static_cast<void>(::gmtime_r(&now, &parts));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays.at(static_cast<std::size_t>(parts.tm_wday)),
                     parts.tm_mday,
                     kMonths.at(static_cast<std::size_t>(parts.tm_mon)),
                     parts.tm_year + kFirstYear,
                     parts.tm_hour,
                     parts.tm_min,
                     parts.tm_sec);
}

bool may_have_body(unsigned status) {
  return status != kNoContent && status != kNotModified;
}

// How the client learns where the body ends.
std::string framing(const ServedResponse& response, const ResponseContext& context) {
  if (!may_have_body(response.status)) {
    return "";
  }
  if (response.stream == nullptr) {
    return fmt::format("Content-Length: {}\r\n", response.body.size());
  }
  return context.is_old || context.is_head ? "" : "Transfer-Encoding: chunked\r\n";
}

std::string_view persistence(const ResponseContext& context) {
  if (!context.is_kept) {
    return "Connection: close\r\n";
  }
  return context.is_old ? "Connection: keep-alive\r\n" : "";
}

}  // namespace

bool is_sendable(const ServedResponse& response) {
  return response.status >= kLeastFinalStatus && response.status <= kMostStatus &&
         std::ranges::all_of(response.headers, [](const auto& field) {
           return is_token(field.first) && is_one_line(field.second);
         });
}

std::string encode_header(const ServedResponse& response, const ResponseContext& context) {
  const auto reason = http::obsolete_reason(http::int_to_status(response.status));
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\n", response.status, std::string_view{reason.data(), reason.size()});
  for (const auto& [name, value] : response.headers) {
    if (!is_written_here(name, context.is_tls)) {
      text.append(name).append(": ").append(value).append("\r\n");
    }
  }
  text += fmt::format("Date: {}\r\n", http_date());
  if (context.is_tls) {
    text += fmt::format("Strict-Transport-Security: {}\r\n", kStrictTransport);
  }
  text += framing(response, context);
  text += persistence(context);
  return text + "\r\n";
}

bool has_body(const ServedResponse& response, const ResponseContext& context) {
  return !context.is_head && may_have_body(response.status);
}

std::string chunk_of(std::string_view piece) {
  return piece.empty() ? std::string{} : fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

ServedResponse plain_response(unsigned status, std::string_view text) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::string{text} + '\n',
          .stream = nullptr};
}

}  // namespace directory
