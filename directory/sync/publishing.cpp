// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/publishing.h"

#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/store/state_database.h"
#include "directory/sync/generation_work.h"
#include "directory/sync/wakeup.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;

// Everything a generation is made of, fixed when it is begun.
struct Work {
  Publisher* publisher = nullptr;
  std::vector<OrganizationSettings> organizations;
  std::shared_ptr<const StateReader> state;
  const policy::EventLog* log = nullptr;
};

Task<ContentPublication> carry_out(std::shared_ptr<const Work> work) {
  co_return publish_content(*work->publisher, work->organizations, work->state, *work->log);
}

}  // namespace

struct Publishing::State {
  State(const Executor& executor,
        Publisher& used,
        StateDatabase& read,
        Organizations in_force,
        const policy::EventLog& written)
      : publisher(&used),
        database(&read),
        organizations(std::move(in_force)),
        log(&written),
        published(executor) {}

  Publisher* publisher;
  StateDatabase* database;
  Organizations organizations;
  const policy::EventLog* log;
  Wakeup published;  // woken when a generation is done
  std::uint64_t asked = 0;
  std::uint64_t answered = 0;
  bool is_publishing = false;
  policy::Result<Publication> last = Publication{};
  std::vector<ProtectionReport> reports;
  asio::thread_pool thread{1};
};

Publishing::Publishing(const Executor& executor,
                       Publisher& publisher,
                       StateDatabase& database,
                       Organizations organizations,
                       const policy::EventLog& log)
    : state_(
          std::make_unique<State>(executor, publisher, database, std::move(organizations), log)) {}

Publishing::~Publishing() {
  state_->thread.join();
}

Task<policy::Result<Publication>> Publishing::publish() {
  State& state = *state_;
  const std::uint64_t mine = ++state.asked;
  while (state.answered < mine) {
    if (state.is_publishing) {
      co_await state.published.wait_until(Wakeup::Time::max());
      continue;
    }
    state.is_publishing = true;
    const std::uint64_t served = state.asked;
    auto work = std::make_shared<Work>();
    work->publisher = state.publisher;
    work->organizations = state.organizations();
    work->state = state.database->snapshot();
    work->log = state.log;
    Task<ContentPublication> task = carry_out(std::move(work));
    ContentPublication made =
        co_await asio::co_spawn(state.thread.get_executor(), std::move(task), asio::use_awaitable);
    state.last = std::move(made.publication);
    if (state.last.has_value()) {
      state.reports = std::move(made.reports);
    }
    state.answered = served;
    state.is_publishing = false;
    state.published.wake();
  }
  co_return state.last;
}

const std::vector<ProtectionReport>& Publishing::reports() const {
  return state_->reports;
}

}  // namespace directory
