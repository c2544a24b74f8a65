// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/client.h"
#include "directory/http/tls_context.h"
#include "directory/http/tls_files.h"
#include "directory/task.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <sys/types.h>

namespace directory {

/// Who is at the other end of a Unix socket, as the kernel says.
struct PeerCredentials {
  uid_t user = 0;
  gid_t group = 0;
  pid_t process = 0;
};

/// A request as a server gets it.
struct ServedRequest {
  std::string method;
  std::string path;   ///< percent-encoded, begins with a slash
  std::string query;  ///< percent-encoded, without the question mark
  HttpHeaders headers;
  std::string body;
  std::optional<PeerCredentials> peer;  ///< of a Unix socket
  std::string client_address;           ///< of a TCP connection, IPv4 as such; else empty
  bool is_tls = false;
};

/// A body that comes piece by piece while the client stays: an event stream. Used on the server's
/// thread.
class BodyStream {
 public:
  BodyStream() = default;
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;
  BodyStream(BodyStream&&) = delete;
  BodyStream& operator=(BodyStream&&) = delete;
  virtual ~BodyStream() = default;

  /// The next piece, not empty, when there is one; nothing at the end of the body. Not called again
  /// before it has returned.
  [[nodiscard]] virtual Task<std::optional<std::string>> next() = 0;

  /// The client has gone or does not read, or the server ends: a `next` that waits returns nothing
  /// soon. May be called more than once, before the first `next`, and after the end.
  virtual void cancel() = 0;
};

/// What a handler answers. Content-Length or Transfer-Encoding, Connection, Date and, over TLS,
/// Strict-Transport-Security are added; the handler's own ones are dropped. The client gets 500 in
/// its place if the status is none of 200 to 599, or if a header field would not stay one line: a
/// name that is no token, a value with CR, LF, NUL or another control character but HTAB.
struct ServedResponse {
  unsigned status = 200;
  HttpHeaders headers;
  std::string body;
  /// Sent after `body`, in chunks, each piece at once; the connection ends with it. Not for HEAD.
  /// Null for most.
  std::shared_ptr<BodyStream> stream;
};

using HttpHandler = std::function<Task<ServedResponse>(ServedRequest)>;

/// Bounds of what a client may ask of a server.
struct HttpLimits {
  std::size_t header_octets = std::size_t{16} * 1024;
  std::size_t body_octets = std::size_t{1024} * 1024;
  std::chrono::milliseconds handshake = std::chrono::seconds{10};  ///< TLS
  std::chrono::milliseconds header = std::chrono::seconds{10};  ///< from its first octet to its end
  std::chrono::milliseconds body = std::chrono::seconds{60};    ///< all of it
  /// Without a request; and how long 64 KiB of a response may take.
  std::chrono::milliseconds idle = std::chrono::seconds{30};
  std::size_t connections = 4096;  ///< at a time, those with a stream not among them
  std::size_t streams = 2000;      ///< at a time; 503 over it
};

/// Where a server listens over TCP.
struct TcpAddress {
  std::string host;             ///< numeric: `127.0.0.1`, `::1`
  std::uint16_t port = 0;       ///< 0 takes a free one
  std::optional<TlsFiles> tls;  ///< nothing: in clear
};

/// Serves HTTP/1.1 on one listening socket. What is too large, too slow, ambiguous or no HTTP is
/// refused with a status of 4xx or 501, and its connection closed. A handler that throws gives 500
/// without detail. When there are too many connections, the one that has waited longest for a
/// request makes room for the new one. Each server raises the process's soft limit of descriptors
/// by what its limits ask for, as far as the hard limit goes.
class HttpServer {
 public:
  /// `kBusy` if somebody else listens there; as `TlsContext::load` if the identity is no good.
  [[nodiscard]] static policy::Result<std::unique_ptr<HttpServer>> listen(const Executor& executor,
                                                                          const TcpAddress& address,
                                                                          HttpHandler handler,
                                                                          HttpLimits limits = {});

  /// Listens on a Unix socket of mode 0660 whose group is `group` where that is known to the
  /// system. A socket that nobody listens on any more is replaced; `kBusy` if somebody does.
  [[nodiscard]] static policy::Result<std::unique_ptr<HttpServer>> listen_unix(
      const Executor& executor,
      const std::filesystem::path& path,
      const std::string& group,
      HttpHandler handler,
      HttpLimits limits = {});

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;

  /// Closes the listening socket and every connection; removes the Unix socket. A handler that is
  /// under way goes on to its end if the executor runs on, and is not heard.
  ~HttpServer();

  /// The port that is listened on; 0 for a Unix socket.
  [[nodiscard]] std::uint16_t port() const;

  /// What is known of the certificate in force; nothing without TLS.
  [[nodiscard]] std::optional<CertificateFacts> certificate() const;

  /// Reads certificate and key again, for connections from now on. If they are no good the old ones
  /// stay in force. `kInvalidInput` without TLS, else as `TlsContext::load`.
  [[nodiscard]] policy::Result<CertificateFacts> reload_certificate();

 private:
  struct State;
  explicit HttpServer(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace directory
