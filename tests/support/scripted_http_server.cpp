// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_http_server.h"

#include "tests/support/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
};

using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;

TlsContext make_context(const Identity& identity) {
  TlsContext context{SSL_CTX_new(TLS_server_method())};
  BIO* certificate_pem =
      BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size()));
  BIO* key_pem = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
  X509* certificate = PEM_read_bio_X509(certificate_pem, nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_pem, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context.get(), certificate);
  SSL_CTX_use_PrivateKey(context.get(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(certificate_pem);
  BIO_free(key_pem);
  return context;
}

// The octets of one connection, through TLS or not.
class Channel {
 public:
  Channel(int socket, SSL_CTX* context) : socket_(socket) {
    if (context != nullptr) {
      tls_.reset(SSL_new(context));
      SSL_set_fd(tls_.get(), socket);
      is_open_ = SSL_accept(tls_.get()) == 1;
    }
  }

  // Adds what has arrived; false at the end.
  bool read(std::string& octets) {
    std::array<char, 16384> buffer{};
    if (!is_open_) {
      return false;
    }
    const auto count = tls_ ? SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))
                            : static_cast<int>(::recv(socket_, buffer.data(), buffer.size(), 0));
    is_open_ = count > 0;
    octets.append(buffer.data(), is_open_ ? static_cast<std::size_t>(count) : 0);
    return is_open_;
  }

  void write(std::string_view octets) {
    while (is_open_ && !octets.empty()) {
      const auto count =
          tls_ ? SSL_write(tls_.get(), octets.data(), static_cast<int>(octets.size()))
               : static_cast<int>(::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL));
      is_open_ = count > 0;
      octets.remove_prefix(is_open_ ? static_cast<std::size_t>(count) : 0);
    }
  }

  void say_goodbye() {
    if (tls_ && is_open_) {
      SSL_shutdown(tls_.get());
    }
  }

 private:
  int socket_;
  std::unique_ptr<SSL, FreeTls> tls_;
  bool is_open_ = true;
};

std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(
      lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

RecordedRequest read_head(std::string head) {
  RecordedRequest request;
  const std::size_t method_end = head.find(' ');
  const std::size_t target_end = head.find(' ', method_end + 1);
  request.method = head.substr(0, method_end);
  request.target = head.substr(method_end + 1, target_end - method_end - 1);
  request.head = std::move(head);
  return request;
}

std::size_t body_size(const RecordedRequest& request) {
  const std::string length = request.header("content-length");
  std::size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  return size;
}

// Takes the next request; nothing if the connection ends before it is whole.
std::optional<RecordedRequest> next_request(Channel& channel, std::string& pending) {
  std::size_t end = pending.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!channel.read(pending)) {
      return std::nullopt;
    }
    end = pending.find("\r\n\r\n");
  }
  RecordedRequest request = read_head(pending.substr(0, end + 2));
  pending.erase(0, end + 4);
  while (pending.size() < body_size(request)) {
    if (!channel.read(pending)) {
      return std::nullopt;
    }
  }
  request.body = pending.substr(0, body_size(request));
  pending.erase(0, request.body.size());
  return request;
}

}  // namespace

std::string RecordedRequest::header(std::string_view name) const {
  const std::string start = "\r\n" + std::string{name} + ": ";
  const std::size_t at = in_lower_case(head).find(start);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + start.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

ScriptedAnswer answer(int status, std::string_view body, std::string_view headers) {
  return {.octets = fmt::format("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\n{}\r\n{}",
                                status,
                                body.size(),
                                headers,
                                body)};
}

// What the server's threads and its owner share.
struct ScriptedHttpServer::Shared {
  Script script;
  TlsContext tls;
  int listener = -1;
  std::uint16_t port = 0;
  std::thread acceptor;

  mutable std::mutex mutex;  // guards what follows
  bool is_over = false;
  std::vector<RecordedRequest> requests;
  std::vector<int> sockets;
  std::vector<std::thread> connections;

  void listen() {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* form = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, form, size) != 0 || ::listen(listener, SOMAXCONN) != 0 ||
        ::getsockname(listener, form, &size) != 0) {
      throw std::runtime_error{"the scripted server cannot listen"};
    }
    port = ntohs(address.sin_port);
  }

  void accept_all() {
    for (int number = 0;; ++number) {
      const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock{mutex};
      if (is_over || socket < 0) {
        ::close(socket);
        return;
      }
      sockets.push_back(socket);
      connections.emplace_back([this, socket, number] { serve(socket, number); });
    }
  }

  ScriptedAnswer take(RecordedRequest request) {
    const std::lock_guard lock{mutex};
    requests.push_back(std::move(request));
    return script(requests.back());
  }

  void serve(int socket, int number) {
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t broken_pipe;
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    Channel channel{socket, tls.get()};
    std::string pending;
    while (auto request = next_request(channel, pending)) {
      request->connection = number;
      const ScriptedAnswer answered = take(*std::move(request));
      const std::size_t step = answered.is_dribbled ? 1 : answered.octets.size();
      for (std::size_t at = 0; at < answered.octets.size(); at += step) {
        channel.write(std::string_view{answered.octets}.substr(at, step));
      }
      if (answered.closes) {
        if (!answered.ends_silently) {
          channel.say_goodbye();
        }
        break;
      }
    }
    ::shutdown(socket, SHUT_RDWR);
  }

  void end() {
    {
      const std::lock_guard lock{mutex};
      is_over = true;
      for (const int socket : sockets) {
        ::shutdown(socket, SHUT_RDWR);
      }
    }
    ::shutdown(listener, SHUT_RDWR);
    acceptor.join();
    for (std::thread& connection : connections) {
      connection.join();
    }
    for (const int socket : sockets) {
      ::close(socket);
    }
    ::close(listener);
  }
};

ScriptedHttpServer::ScriptedHttpServer(std::vector<ScriptedAnswer> answers)
    : ScriptedHttpServer(
          [left = std::move(answers), next = std::size_t{0}](const RecordedRequest&) mutable {
            return next < left.size() ? left[next++] : answer(500, "");
          }) {}

ScriptedHttpServer::ScriptedHttpServer(Script script, std::optional<Identity> tls)
    : shared_(std::make_unique<Shared>()) {
  shared_->script = std::move(script);
  if (tls) {
    shared_->tls = make_context(*tls);
  }
  shared_->listen();
  shared_->acceptor = std::thread{[shared = shared_.get()] { shared->accept_all(); }};
}

ScriptedHttpServer::~ScriptedHttpServer() {
  shared_->end();
}

std::uint16_t ScriptedHttpServer::port() const {
  return shared_->port;
}

std::string ScriptedHttpServer::origin() const {
  return fmt::format("{}://127.0.0.1:{}", shared_->tls ? "https" : "http", port());
}

std::vector<RecordedRequest> ScriptedHttpServer::requests() const {
  const std::lock_guard lock{shared_->mutex};
  return shared_->requests;
}

}  // namespace tests
