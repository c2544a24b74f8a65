// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// Why a request is not served; its connection ends with that.
struct RequestRefusal {
  unsigned status = 400;
  std::string_view why;  ///< for the client; static text
};

/// Takes one request from the octets of a connection (RFC 9112), without a socket. It is stricter
/// than the RFC wherever two readers might see two requests in the same octets: what is ambiguous
/// is refused, never mended. Trailer fields are read and dropped.
class RequestReader {
 public:
  /// `header_octets` and `body_octets` of the limits count.
  explicit RequestReader(const HttpLimits& limits);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;
  RequestReader(RequestReader&&) = delete;
  RequestReader& operator=(RequestReader&&) = delete;
  ~RequestReader();

  /// Removes from the front of `octets` what belongs to this request. What stays is either not yet
  /// enough to go on, or the next request. To be called with the same text, to which more has been
  /// appended, until the request is whole or refused.
  void take(std::string& octets);

  /// Whether anything of the request has arrived.
  [[nodiscard]] bool has_begun() const;

  /// Whether the header has arrived and there is nothing to object to.
  [[nodiscard]] bool has_header() const;

  [[nodiscard]] bool is_whole() const;

  /// Whether the client waits to be told that it may send its body.
  [[nodiscard]] bool awaits_continue() const;

  [[nodiscard]] const std::optional<RequestRefusal>& refusal() const;

  /// Whether the client takes another response on this connection. Needs the header.
  [[nodiscard]] bool keeps_alive() const;

  /// Whether the client speaks HTTP/1.0. Needs the header.
  [[nodiscard]] bool is_old() const;

  /// The request, once it is whole. Who asks is not filled in.
  [[nodiscard]] ServedRequest release();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory
