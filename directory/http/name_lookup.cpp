// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/name_lookup.h"

#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The resolver's thread cannot be interrupted, so that a look-up may outlive the wait for it.
struct Lookup {
  explicit Lookup(const Executor& executor) : resolver(executor), is_over(executor) {}

  tcp::resolver resolver;
  asio::steady_timer is_over;
  error_code error = asio::error::timed_out;
  std::vector<std::string> addresses;
};

}  // namespace

Task<policy::Result<std::vector<std::string>>> look_up_host(
    Executor executor, std::string host, std::chrono::steady_clock::time_point deadline) {
  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->is_over.expires_at(deadline);
  lookup->resolver.async_resolve(
      host, "", [lookup](error_code error, const tcp::resolver::results_type& results) {
        lookup->error = error;
        for (const auto& result : results) {
          lookup->addresses.push_back(result.endpoint().address().to_string());
        }
        lookup->is_over.cancel();
      });
  co_await lookup->is_over.async_wait(asio::as_tuple(asio::use_awaitable));
  if (lookup->error) {
    co_return policy::fail(policy::ErrorCode::kUnavailable,
                           "cannot resolve the name: " + lookup->error.message());
  }
  co_return std::move(lookup->addresses);
}

}  // namespace directory
