// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/mail_check/watching.h"

#include "directory/clock.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/store/records.h"
#include "directory/task.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace directory {
namespace {

std::vector<std::string> names_of(const std::vector<ImportedDomain>& domains) {
  std::vector<std::string> names;
  names.reserve(domains.size());
  for (const ImportedDomain& domain : domains) {
    names.push_back(domain.domain);
  }
  return names;
}

}  // namespace

Task<void> watch_domains(DomainWatch& watch, const Records& records) {
  constexpr std::chrono::minutes kInterval{1};
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  while (true) {
    const auto imported = records.domains();
    if (imported.has_value()) {
      co_await watch.look_at_due(names_of(*imported), now_in_seconds());
    }
    timer.expires_after(kInterval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace directory
