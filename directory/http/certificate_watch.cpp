// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/certificate_watch.h"

#include "directory/http/server.h"
#include "directory/http/tls_context.h"
#include "directory/task.h"
#include "policy/event.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include <sys/stat.h>
#include <sys/types.h>

namespace directory {
namespace {

using policy::EventId;

// What tells one version of a file from another; zeros if there is none.
using Stamp = std::tuple<dev_t, ino_t, off_t, std::time_t, long>;

Stamp stamp_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return {};
  }
  return {
      status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace

struct CertificateWatch::State : public std::enable_shared_from_this<State> {
  State(const Executor& executor, Settings given)
      : settings(std::move(given)), timer(executor), taken(stamps()), last(taken) {}

  using Stamps = std::pair<Stamp, Stamp>;

  [[nodiscard]] Stamps stamps() const {
    return {stamp_of(settings.files.certificate), stamp_of(settings.files.key)};
  }

  void wait();
  void look();
  void take();
  void tell(const CertificateFacts& facts) const;

  Settings settings;
  boost::asio::steady_timer timer;
  Stamps taken;  // what was tried last
  Stamps last;   // what was seen last
};

void CertificateWatch::State::wait() {
  timer.expires_after(settings.interval);
  timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self != nullptr && !error) {
      self->look();
      self->wait();
    }
  });
}

void CertificateWatch::State::look() {
  const Stamps now = stamps();
  if (std::exchange(last, now) == now && now != taken) {
    take();
  }
}

void CertificateWatch::State::take() {
  taken = stamps();
  last = taken;
  const auto facts = settings.server->reload_certificate();
  if (facts.has_value()) {
    tell(*facts);
  } else {
    settings.log->write(EventId::kCertificateRefused,
                        {{.key = "reason", .value = facts.error().message}});
  }
}

void CertificateWatch::State::tell(const CertificateFacts& facts) const {
  settings.log->write(
      EventId::kCertificateTaken,
      {{.key = "subject", .value = facts.subject}, {.key = "expires", .value = facts.expires}});
  if (!facts.warning.empty()) {
    settings.log->write(EventId::kCertificateWarning, {{.key = "reason", .value = facts.warning}});
  }
}

CertificateWatch::CertificateWatch(const Executor& executor, Settings settings)
    : state_(std::make_shared<State>(executor, std::move(settings))) {
  const std::optional<CertificateFacts> facts = state_->settings.server->certificate();
  if (facts.has_value()) {
    state_->tell(*facts);
  }
  state_->wait();
}

CertificateWatch::~CertificateWatch() {  // NOLINT(bugprone-exception-escape): nothing throws here
  state_->timer.cancel();
}

void CertificateWatch::reload() {
  state_->take();
}

}  // namespace directory
