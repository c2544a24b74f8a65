// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/client.h"
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
  std::string client_address;           ///< of a TCP connection, as text; else empty
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

  /// The client has gone, or the server ends: a `next` that waits returns nothing soon. May be
  /// called more than once, and after the end.
  virtual void cancel() = 0;
};

/// What a handler answers; Content-Length, Connection and Date are added.
struct ServedResponse {
  unsigned status = 200;
  HttpHeaders headers;
  std::string body;
  std::shared_ptr<BodyStream> stream;  ///< sent after `body`, in chunks; null for most
};

using HttpHandler = std::function<Task<ServedResponse>(ServedRequest)>;

/// Bounds of what a client may ask of a server.
struct HttpLimits {
  std::size_t header_octets = std::size_t{16} * 1024;
  std::size_t body_octets = std::size_t{1024} * 1024;
  std::chrono::milliseconds idle = std::chrono::seconds{30};
  std::size_t connections = 256;
};

/// Serves HTTP/1.1 on one listening socket. What is too large, too slow or no HTTP gets 431, 413,
/// 408 or 400 and its connection closed. A handler that throws gives 500 without detail.
class HttpServer {
 public:
  /// Listens on an address (`127.0.0.1`, `::1`) and port; 0 takes a free one. `kBusy` if somebody
  /// else listens there.
  [[nodiscard]] static policy::Result<std::unique_ptr<HttpServer>> listen(
      const Executor& executor,
      const std::string& address,
      std::uint16_t port,
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

 private:
  struct State;
  explicit HttpServer(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace directory
