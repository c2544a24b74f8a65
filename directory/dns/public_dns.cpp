// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/public_dns.h"

#include "directory/dns/dns_message.h"
#include "directory/dns/mail_dns.h"
#include "directory/dns/question_channel.h"
#include "directory/dns/spf_process.h"
#include "directory/dns/spf_words.h"
#include "directory/task.h"
#include "policy/config/name_servers.h"
#include "policy/ip_address.h"
#include "policy/name/visible_text.h"
#include "policy/program_of_ours.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kThreads = 4;

SpfProgram spf_program_for(const policy::NameServers& servers, std::filesystem::path path) {
  SpfProgram program;
  program.path = path.empty() ? policy::program_of_ours("fromguard-spf-check") : std::move(path);
  program.arguments = {std::to_string(servers.timeout.count())};
  program.arguments.insert(program.arguments.end(), servers.servers.begin(), servers.servers.end());
  return program;
}

std::unexpected<policy::Error> no_name(const std::string& name) {
  return fail(ErrorCode::kInvalidInput,
              "'" + policy::visible_text(name) + "' is no name that DNS can be asked for");
}

std::unexpected<policy::Error> no_answer(const std::string& name) {
  return fail(ErrorCode::kUnavailable,
              "DNS gives no answer for " + name +
                  "; check `dns` of directory.yaml, and the name servers of the domain");
}

// Adds those that are not there yet.
void add_texts(const std::vector<policy::IpAddress>& addresses, std::vector<std::string>& texts) {
  for (const policy::IpAddress& address : addresses) {
    std::string text = policy::ip_address_text(address);
    if (std::ranges::find(texts, text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
}

}  // namespace

struct PublicDns::State {
  explicit State(policy::NameServers given, std::filesystem::path program)
      : servers(std::move(given)), spf_program(spf_program_for(servers, std::move(program))) {}

  const policy::NameServers servers;
  const SpfProgram spf_program;
  std::atomic<bool> is_stopped = false;
  // On the daemon's thread alone; outlives the rest where somebody is woken by its end.
  std::shared_ptr<std::size_t> waiting = std::make_shared<std::size_t>(0);
  asio::thread_pool workers{kThreads};

  [[nodiscard]] DnsAnswer ask(DnsQuestion question) const {
    const auto channel = QuestionChannel::open(servers.servers, servers.timeout);
    const auto deadline = QuestionChannel::Clock::now() + servers.timeout;
    return channel == nullptr ? DnsAnswer{}
                              : channel->ask(std::move(question), deadline, is_stopped);
  }

  // Runs the work on a worker; `busy` instead where too many wait.
  template <typename T>
  static Task<T> run(std::shared_ptr<std::size_t> waiting, Executor workers, Task<T> work, T busy) {
    if (*waiting >= kMostWaiting) {
      co_return busy;
    }
    ++*waiting;
    T result = co_await asio::co_spawn(workers, std::move(work), asio::use_awaitable);
    --*waiting;
    co_return result;
  }

  // The coroutines that the workers run.
  static Task<Result<MxAnswer>> mx_there(const State* state, std::string domain) {
    DnsAnswer answer = state->ask({.name = domain, .type = DnsType::kMx});
    if (answer.status == DnsStatus::kFailed) {
      co_return no_answer(domain);
    }
    MxAnswer exchanges;
    exchanges.hosts = std::move(answer.hosts);
    exchanges.ttl = answer.ttl;
    co_return exchanges;
  }

  static Task<Result<std::vector<std::string>>> addresses_there(const State* state,
                                                                std::string host) {
    std::vector<std::string> addresses;
    for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
      const DnsAnswer answer = state->ask({.name = host, .type = type});
      if (answer.status == DnsStatus::kFailed) {
        co_return no_answer(host);
      }
      add_texts(answer.addresses, addresses);
    }
    co_return addresses;
  }

  static Task<Result<std::vector<std::string>>> txt_there(const State* state, std::string domain) {
    DnsAnswer answer = state->ask({.name = domain, .type = DnsType::kTxt});
    if (answer.status == DnsStatus::kFailed) {
      co_return no_answer(domain);
    }
    co_return std::move(answer.texts);
  }

  static Task<SpfAnswer> spf_there(const State* state, std::string domain, std::string address) {
    const SpfRequest request{.domain = std::move(domain), .address = std::move(address)};
    co_return check_spf_apart(state->spf_program, request, state->is_stopped);
  }
};

PublicDns::PublicDns(policy::NameServers servers, std::filesystem::path spf_program)
    : state_(std::make_unique<State>(std::move(servers), std::move(spf_program))) {}

PublicDns::~PublicDns() {
  state_->is_stopped = true;
  state_->workers.stop();
  state_->workers.join();
}

Task<Result<MxAnswer>> PublicDns::mx(std::string domain) {
  const std::string name = lower_dns_name(domain);
  if (!is_dns_name(name)) {
    co_return no_name(domain);
  }
  Task<Result<MxAnswer>> work = State::mx_there(state_.get(), name);
  const Executor workers = state_->workers.get_executor();
  Result<MxAnswer> busy = no_answer(name);
  co_return co_await State::run(state_->waiting, workers, std::move(work), std::move(busy));
}

Task<Result<std::vector<std::string>>> PublicDns::addresses(std::string host) {
  const std::string name = lower_dns_name(host);
  if (!is_dns_name(name)) {
    co_return no_name(host);
  }
  Task<Result<std::vector<std::string>>> work = State::addresses_there(state_.get(), name);
  const Executor workers = state_->workers.get_executor();
  Result<std::vector<std::string>> busy = no_answer(name);
  co_return co_await State::run(state_->waiting, workers, std::move(work), std::move(busy));
}

Task<Result<std::vector<std::string>>> PublicDns::txt(std::string domain) {
  const std::string name = lower_dns_name(domain);
  if (!is_dns_name(name)) {
    co_return no_name(domain);
  }
  Task<Result<std::vector<std::string>>> work = State::txt_there(state_.get(), name);
  const Executor workers = state_->workers.get_executor();
  Result<std::vector<std::string>> busy = no_answer(name);
  co_return co_await State::run(state_->waiting, workers, std::move(work), std::move(busy));
}

Task<SpfAnswer> PublicDns::spf(std::string domain, std::string address) {
  Task<SpfAnswer> work = State::spf_there(state_.get(), std::move(domain), std::move(address));
  const Executor workers = state_->workers.get_executor();
  SpfAnswer busy;
  busy.explanation = "too many checks are under way; try again in a minute";
  co_return co_await State::run(state_->waiting, workers, std::move(work), std::move(busy));
}

}  // namespace directory
