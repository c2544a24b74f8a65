// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// Microsoft's login service and Graph for tests, as a program: README.md.
#include "policy/exit_status.h"
#include "tests/support/microsoft/simulator.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <cstdio>
#include <exception>
#include <string>

#include <fmt/core.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX
#include <sys/poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>  // IWYU pragma: keep
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>  // IWYU pragma: keep

namespace {

using tests::MicrosoftSimulator;

struct Arguments {
  MicrosoftSimulator::Settings settings;
  bool ends_with_stdin = false;
};

void declare(CLI::App& app, Arguments& arguments) {
  MicrosoftSimulator::Settings& settings = arguments.settings;
  app.add_option("--people", settings.people, "people to make");
  app.add_option("--groups", settings.groups, "groups to make");
  app.add_option("--seed", settings.seed, "the same seed makes the same tenant");
  app.add_option("--port", settings.graph_port, "of Graph; 0: a free one");
  app.add_option("--login-port", settings.login_port, "0: a free one");
  app.add_option("--exchange-port", settings.exchange_port, "0: a free one");
  app.add_option("--certificate", settings.certificate, "PEM; speak https");
  app.add_option("--key", settings.key, "PEM, of the certificate");
  app.add_flag("--until-stdin-closes", arguments.ends_with_stdin, "end with the standard input");
}

void tell(const MicrosoftSimulator& simulator) {
  boost::json::object ready;
  ready["port"] = simulator.port();
  ready["login"] = simulator.login();
  ready["graph"] = simulator.graph();
  ready["exchange"] = simulator.exchange();
  ready["tenant"] = simulator.tenant();
  ready["client_id"] = simulator.client_id();
  ready["secret"] = simulator.secret();
  fmt::print("{}\n", boost::json::serialize(ready));
  static_cast<void>(std::fflush(stdout));
}

// Until a signal, or the end of the standard input if that is asked for.
void wait_for_end(int signals, bool ends_with_stdin) {
  std::array<pollfd, 2> sources{pollfd{.fd = signals, .events = POLLIN, .revents = 0},
                                pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}};
  const nfds_t count = ends_with_stdin ? 2 : 1;
  while (::poll(sources.data(), count, -1) > 0 && sources[0].revents == 0) {
    std::array<char, 256> ignored{};
    if (sources[1].revents != 0 && ::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) {
      return;
    }
  }
}

policy::ExitStatus serve(const Arguments& arguments) {
  // Blocked before the thread starts, which inherits that.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const int source = ::signalfd(-1, &signals, SFD_CLOEXEC);
  const auto simulator = MicrosoftSimulator::start(arguments.settings);
  if (!simulator.has_value()) {
    fmt::print(stderr, "microsoft_simulator: {}\n", simulator.error().message);
    return policy::exit_status_of(simulator.error().code);
  }
  tell(**simulator);
  wait_for_end(source, arguments.ends_with_stdin);
  ::close(source);
  return policy::ExitStatus::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app{"Microsoft's login service, Graph and Exchange Online, for tests"};
    Arguments arguments;
    declare(app, arguments);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error);
    }
    return policy::to_int(serve(arguments));
  } catch (const std::exception& failure) {
    static_cast<void>(std::fprintf(stderr, "microsoft_simulator: %s\n", failure.what()));
    return policy::to_int(policy::ExitStatus::kInternal);
  }
}
