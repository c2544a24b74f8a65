// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/request_reader.h"

#include "directory/http/client.h"
#include "directory/http/server.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;
using Request = Parser::value_type;

constexpr unsigned kVersion11 = 11;
constexpr std::string_view kHeaderEnd = "\r\n\r\n";
// The longest line of a chunk, and all trailer fields together.
constexpr std::size_t kMostFramingOctets = std::size_t{64} * 1024;
// What is left of a chunked body is never shorter, and Beast 1.81 takes it for granted.
constexpr std::size_t kLeastChunkOctets = std::string_view{"0\r\n\r\n"}.size();
// How many octets may carry one octet of a body: a chunk of one octet takes six.
constexpr std::size_t kMostOctetsAnOctet = 8;

RequestRefusal bad_request(std::string_view why) {
  return {.status = static_cast<unsigned>(http::status::bad_request), .why = why};
}

RequestRefusal refused_with(http::status status, std::string_view why) {
  return {.status = static_cast<unsigned>(status), .why = why};
}

std::string_view view_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 9110, 5.6.2
bool is_token_octet(char c) {
  return is_letter_or_digit(c) || std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

bool is_control(char c) {
  constexpr unsigned char kDelete = 0x7F;
  const auto octet = static_cast<unsigned char>(c);
  return octet < static_cast<unsigned char>(' ') || octet == kDelete;
}

// An authority without a user (RFC 3986, 3.2), or nothing at all.
bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || std::string_view{"-._~%!$&'()*+;=:[]"}.contains(c);
  });
}

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

// The target without scheme and host; nothing if it is not for this host.
std::optional<std::string> origin_form(std::string_view target, std::string_view host) {
  if (target.starts_with('/')) {
    return std::string{target};
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    const std::string_view begin = target.substr(0, scheme.size());
    if (!boost::beast::iequals({begin.data(), begin.size()}, {scheme.data(), scheme.size()})) {
      continue;
    }
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    const std::string_view authority = target.substr(0, end);
    target.remove_prefix(end);
    if (authority.empty() ||
        !boost::beast::iequals({authority.data(), authority.size()}, {host.data(), host.size()})) {
      return std::nullopt;
    }
    return target.starts_with('/') ? std::string{target} : '/' + std::string{target};
  }
  return std::nullopt;
}

std::optional<RequestRefusal> check_method(const Request& request) {
  if (request.method() == http::verb::connect || request.method() == http::verb::trace) {
    return refused_with(http::status::not_implemented, "this method is not for this server");
  }
  return std::nullopt;
}

std::optional<RequestRefusal> check_target(const Request& request) {
  const std::size_t hosts = request.count(http::field::host);
  const bool needs_host = request.version() >= kVersion11;
  const std::string_view host = view_of(request[http::field::host]);
  if (hosts > 1 || (hosts == 0 && needs_host) || !is_host(host)) {
    return bad_request("the request needs one Host that is a host");
  }
  const std::string_view target = view_of(request.target());
  if (!is_visible_ascii(target) || target.contains('#')) {
    return bad_request("the target of the request holds what must be percent-encoded");
  }
  if (!origin_form(target, host).has_value()) {
    return bad_request("the target of the request is no path on this host");
  }
  return std::nullopt;
}

// How long the body is must be said once, in one way (RFC 9112, 6.3).
std::optional<RequestRefusal> check_framing(const Request& request) {
  const std::size_t codings = request.count(http::field::transfer_encoding);
  const std::size_t lengths = request.count(http::field::content_length);
  if (codings > 0 && lengths > 0) {
    return bad_request("the request has both Content-Length and Transfer-Encoding");
  }
  if (lengths > 1) {
    return bad_request("the request has more than one Content-Length");
  }
  const std::string_view length = view_of(request[http::field::content_length]);
  if (lengths == 1 &&
      (length.empty() || length.find_first_not_of("0123456789") != std::string_view::npos)) {
    return bad_request("the Content-Length of the request is no number");
  }
  if (codings > 0 && request.version() < kVersion11) {
    return bad_request("HTTP/1.0 has no Transfer-Encoding");
  }
  if (codings > 1 || (codings == 1 &&
                      !boost::beast::iequals(request[http::field::transfer_encoding], "chunked"))) {
    return refused_with(http::status::not_implemented, "only the transfer coding chunked is known");
  }
  return std::nullopt;
}

std::optional<RequestRefusal> check_expectation(const Request& request) {
  const std::size_t expectations = request.count(http::field::expect);
  if (expectations > 1 ||
      (expectations == 1 && !boost::beast::iequals(request[http::field::expect], "100-continue"))) {
    return refused_with(http::status::expectation_failed, "only 100-continue can be expected");
  }
  return std::nullopt;
}

std::optional<RequestRefusal> check_request(const Request& request) {
  for (const auto& check : {check_method, check_target, check_framing, check_expectation}) {
    if (auto refused = check(request); refused.has_value()) {
      return refused;
    }
  }
  return std::nullopt;
}

RequestRefusal parser_refusal(const error_code& error) {
  if (error == http::error::body_limit) {
    return refused_with(http::status::payload_too_large, "the body of the request is too large");
  }
  return bad_request("this is no HTTP/1.1 request");
}

}  // namespace

struct RequestReader::State {
  explicit State(const HttpLimits& bounds) : limits(bounds) {}

  void take_header(std::string& octets);
  void take_body(std::string& octets);
  void scan(std::string_view octets);
  [[nodiscard]] std::optional<RequestRefusal> objection(std::string_view octets) const;
  void keep_header();

  HttpLimits limits;
  Parser parser;
  std::optional<RequestRefusal> refusal;
  ServedRequest request;
  std::size_t scanned = 0;     // octets of the header that are known to be harmless
  std::size_t header_end = 0;  // 0 until it is found
  std::size_t body_octets = 0;
  bool expects_continue = false;
};

// What is wrong with the octet after those that are harmless. A line end that one reader sees and
// another does not is how requests are smuggled, so that it is looked at before anything is parsed.
std::optional<RequestRefusal> RequestReader::State::objection(std::string_view octets) const {
  const char octet = octets[scanned];
  if (scanned == 0) {
    return is_token_octet(octet) ? std::nullopt
                                 : std::optional{bad_request("this is no HTTP/1.1 request")};
  }
  const char before = octets[scanned - 1];
  if ((before == '\r') != (octet == '\n')) {
    return bad_request("a line of the request ends in CR or LF alone");
  }
  if (before == '\n' && (octet == ' ' || octet == '\t')) {
    return bad_request("a header field goes on in the next line");
  }
  if (is_control(octet) && octet != '\r' && octet != '\n' && octet != '\t') {
    return bad_request("the header of the request has a control character");
  }
  if (scanned >= limits.header_octets) {
    return refused_with(http::status::request_header_fields_too_large,
                        "the header of the request is too large");
  }
  return std::nullopt;
}

// Goes on to the end of the header, or of what has arrived of it.
void RequestReader::State::scan(std::string_view octets) {
  while (scanned < octets.size() && header_end == 0) {
    refusal = objection(octets);
    if (refusal.has_value()) {
      return;
    }
    ++scanned;
    header_end = octets.substr(0, scanned).ends_with(kHeaderEnd) ? scanned : 0;
  }
}

void RequestReader::State::take_header(std::string& octets) {
  scan(octets);
  if (refusal.has_value() || header_end == 0) {
    return;
  }
  parser.eager(true);
  parser.header_limit(static_cast<std::uint32_t>(header_end + kHeaderEnd.size()));
  parser.body_limit(limits.body_octets);
  error_code error;
  static_cast<void>(parser.put(asio::buffer(octets.data(), header_end), error));
  octets.erase(0, header_end);
  // What the length of the body is taken from is looked at first: a field that the parser stops at
  // and one that it lets through are refused in the same words.
  if (error == http::error::body_limit || (!error && parser.is_header_done())) {
    refusal = check_request(parser.get());
  }
  if (!refusal.has_value() && (error || !parser.is_header_done())) {
    refusal = parser_refusal(error);
  }
  if (!refusal.has_value()) {
    keep_header();
  }
}

// Taken before the body is read, so that no trailer field comes among them.
void RequestReader::State::keep_header() {
  const Request& read = parser.get();
  const auto target = origin_form(view_of(read.target()), view_of(read[http::field::host]));
  const std::string_view form = target.has_value() ? std::string_view{*target} : "/";
  const std::size_t question = std::min(form.find('?'), form.size());
  request.method = std::string{view_of(read.method_string())};
  request.path = form.substr(0, question);
  request.query = form.substr(std::min(question + 1, form.size()));
  for (const auto& field : read) {
    request.headers.emplace_back(std::string{view_of(field.name_string())},
                                 std::string{view_of(field.value())});
  }
  expects_continue = read.version() >= kVersion11 && read.count(http::field::expect) > 0;
}

void RequestReader::State::take_body(std::string& octets) {
  const std::size_t least = parser.chunked() ? kLeastChunkOctets : 1;
  if (parser.is_done() || octets.size() < least) {
    return;
  }
  error_code error;
  const std::size_t used = parser.put(asio::buffer(octets), error);
  octets.erase(0, used);
  body_octets += used;
  if (error && error != http::error::need_more) {
    refusal = parser_refusal(error);
  } else if (!parser.is_done() && octets.size() > kMostFramingOctets) {
    refusal = bad_request("a line of the request's body is too long");
  } else if (body_octets > limits.body_octets * kMostOctetsAnOctet + kMostFramingOctets) {
    refusal = parser_refusal(http::make_error_code(http::error::body_limit));
  }
}

RequestReader::RequestReader(const HttpLimits& limits) : state_(std::make_unique<State>(limits)) {}

RequestReader::~RequestReader() = default;

void RequestReader::take(std::string& octets) {
  if (state_->header_end == 0 && !state_->refusal.has_value()) {
    state_->take_header(octets);
  }
  if (has_header()) {
    state_->take_body(octets);
  }
}

bool RequestReader::has_begun() const {
  return state_->scanned > 0 || state_->refusal.has_value();
}

bool RequestReader::has_header() const {
  return state_->header_end > 0 && !state_->refusal.has_value();
}

bool RequestReader::is_whole() const {
  return has_header() && state_->parser.is_done();
}

bool RequestReader::awaits_continue() const {
  return has_header() && state_->expects_continue && !is_whole() && state_->body_octets == 0;
}

const std::optional<RequestRefusal>& RequestReader::refusal() const {
  return state_->refusal;
}

bool RequestReader::keeps_alive() const {
  return state_->parser.keep_alive();
}

bool RequestReader::is_old() const {
  return state_->parser.get().version() < kVersion11;
}

ServedRequest RequestReader::release() {
  state_->request.body = std::move(state_->parser.get().body());
  return std::move(state_->request);
}

}  // namespace directory
