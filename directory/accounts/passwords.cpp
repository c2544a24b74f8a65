// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/passwords.h"

#include "directory/accounts/secrets.h"
#include "directory/task.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kLeastCharacters = 12;

// The number of code points of valid UTF-8.
std::size_t characters_of(std::string_view text) {
  constexpr unsigned kContinuationMask = 0xc0;
  constexpr unsigned kContinuation = 0x80;
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char octet) {
    return (static_cast<unsigned char>(octet) & kContinuationMask) != kContinuation;
  }));
}

bool is_same_name(std::string_view password, std::string_view account) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::ranges::equal(password, account, {}, lower, lower);
}

std::unexpected<policy::Error> no_memory() {
  return fail(ErrorCode::kUnavailable,
              "there is not enough memory to work out a password's hash; try again later, and "
              "give fromguard-directory more memory if it lasts");
}

}  // namespace

Result<void> check_new_password(std::string_view password, std::string_view account) {
  if (policy::first_invalid_utf8(password).has_value()) {
    return fail(ErrorCode::kInvalidInput, "the password is no valid UTF-8; type it anew");
  }
  if (password.size() > kMostPasswordOctets) {
    return fail(ErrorCode::kInvalidInput,
                "the password is too long; take one of at most 1024 octets");
  }
  if (characters_of(password) < kLeastCharacters) {
    return fail(ErrorCode::kInvalidInput,
                "the password is too short; take one of at least 12 characters, a few words say");
  }
  if (is_same_name(password, account)) {
    return fail(ErrorCode::kInvalidInput,
                "the password is the account's name; take one that others cannot guess");
  }
  return {};
}

struct Passwords::State {
  // Outlives the rest where somebody is woken by its end.
  struct Queue {
    std::size_t most_waiting;
    std::size_t waiting = 0;
  };

  State(const PasswordCost& given, std::size_t most)
      : cost(given), queue(std::make_shared<Queue>(most)) {}

  PasswordCost cost;
  std::shared_ptr<Queue> queue;  // on the caller's thread alone
  std::string nobodys;           // hash of no password; on the worker's thread alone
  asio::thread_pool worker{1};

  // The same for `hash` and `verify`.
  template <typename T>
  static Task<Result<T>> run(std::shared_ptr<Queue> queue, Executor worker, Task<Result<T>> work) {
    if (queue->waiting >= queue->most_waiting) {
      co_return fail(ErrorCode::kBusy, "too many sign in at this moment; try again in a second");
    }
    ++queue->waiting;
    Result<T> result = co_await asio::co_spawn(worker, std::move(work), asio::use_awaitable);
    --queue->waiting;
    co_return result;
  }

  // The coroutines that the worker runs.
  static Task<Result<std::string>> hash_there(PasswordCost cost, std::string password) {
    auto made = hash_password(password, cost);
    wipe(password);
    if (!made.has_value()) {
      co_return no_memory();
    }
    co_return *std::move(made);
  }

  static Task<Result<Check>> verify_there(const State* state,
                                          std::string hash,
                                          std::string password) {
    const bool is_somebodys = is_password_hash(hash);
    const auto right = verify_password(is_somebodys ? hash : state->nobodys, password);
    Check check;
    check.is_right = is_somebodys && right.value_or(false);
    if (check.is_right && needs_rehash(hash, state->cost)) {
      check.better_hash = hash_password(password, state->cost).value_or("");
    }
    wipe(password);
    if (!right.has_value()) {
      co_return no_memory();
    }
    co_return check;
  }
};

Passwords::Passwords(const PasswordCost& cost, std::size_t most_waiting)
    : state_(std::make_unique<State>(cost, most_waiting)) {
  // Made now, or the first unknown account would take twice as long as others.
  asio::post(state_->worker, [state = state_.get()] {
    state->nobodys = hash_password(random_secret(), state->cost).value_or("");
  });
}

Passwords::~Passwords() {
  state_->worker.stop();
  state_->worker.join();
}

Task<Result<std::string>> Passwords::hash(std::string password) {
  Task<Result<std::string>> work = State::hash_there(state_->cost, std::move(password));
  return State::run(state_->queue, Executor{state_->worker.get_executor()}, std::move(work));
}

Task<Result<Passwords::Check>> Passwords::verify(std::string hash, std::string password) {
  Task<Result<Check>> work =
      State::verify_there(state_.get(), std::move(hash), std::move(password));
  return State::run(state_->queue, Executor{state_->worker.get_executor()}, std::move(work));
}

}  // namespace directory
