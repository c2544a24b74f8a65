// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"
#include "directory/http/tls_files.h"
#include "directory/task.h"
#include "policy/event.h"

#include <chrono>
#include <memory>

namespace directory {

/// Keeps a TLS server's certificate the one in its files: looks at them now and then, and takes
/// them when they have changed and then stayed the same for one interval, as certificate and key
/// are replaced one after the other. Logs what is in force at the start and after each change.
class CertificateWatch {
 public:
  struct Settings {
    HttpServer* server = nullptr;           ///< must outlive the watch
    const policy::EventLog* log = nullptr;  ///< so must it
    TlsFiles files;                         ///< those of the server
    std::chrono::milliseconds interval = std::chrono::seconds{5};
  };

  CertificateWatch(const Executor& executor, Settings settings);
  CertificateWatch(const CertificateWatch&) = delete;
  CertificateWatch& operator=(const CertificateWatch&) = delete;
  CertificateWatch(CertificateWatch&&) = delete;
  CertificateWatch& operator=(CertificateWatch&&) = delete;
  ~CertificateWatch();

  /// Takes the files now, changed or not.
  void reload();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace directory
