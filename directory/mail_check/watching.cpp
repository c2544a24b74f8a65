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
#include <utility>
#include <vector>

namespace directory {

Task<void> watch_domains(DomainWatch& watch, const Records& records) {
  constexpr std::chrono::minutes kInterval{1};
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  while (true) {
    const auto imported = records.domains();
    if (imported.has_value()) {
      std::vector<std::string> domains;
      domains.reserve(imported->size());
      for (const ImportedDomain& domain : *imported) {
        domains.push_back(domain.domain);
      }
      co_await watch.look_at_due(std::move(domains), now_in_seconds());
    }
    timer.expires_after(kInterval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace directory
