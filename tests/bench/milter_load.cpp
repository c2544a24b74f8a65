// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// Puts load on a milter as an MTA does and prints what came of it as one JSON object.
#include "policy/result.h"
#include "tests/bench/load_loop.h"
#include "tests/support/latency_histogram.h"
#include "tests/support/stream_socket.h"

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <expected>
#include <fstream>
#include <future>
#include <numeric>
#include <ratio>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sysexits.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>  // IWYU pragma: keep
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>  // IWYU pragma: keep

namespace {

using tests::LoadResult;
using tests::LoadSettings;

struct Arguments {
  std::string milter;
  std::string from_file;
  double seconds = 10;
  std::size_t threads = 1;
  LoadSettings settings;
};

void declare(CLI::App& app, Arguments& arguments) {
  LoadSettings& settings = arguments.settings;
  app.add_option("milter", arguments.milter, "inet:PORT@HOST, inet6:PORT@HOST or unix:PATH")
      ->required();
  app.add_option("--from", arguments.from_file, "file of From field values, one a line")
      ->required();
  app.add_option("--connections", settings.connections, "SMTP clients at a time");
  app.add_option("--messages-per-connection",
                 settings.messages_per_connection,
                 "messages before a client quits and the next one comes; 0: never");
  app.add_option("--recipients", settings.shape.recipients, "recipients of each message");
  app.add_option("--size", settings.shape.size_bytes, "octets of each message");
  app.add_option("--seconds", arguments.seconds, "how long messages are begun");
  app.add_option("--messages",
                 settings.messages,
                 "how many messages are sent, should the seconds allow; 0: as many as they allow");
  app.add_option("--rate",
                 settings.rate,
                 "messages a second on a fixed schedule, latency counted from it; 0: as many as "
                 "are answered");
  app.add_option("--threads", arguments.threads, "threads that share the connections");
}

policy::Result<void> complete(Arguments& arguments) {
  LoadSettings& settings = arguments.settings;
  const auto milter = tests::parse_milter_address(arguments.milter);
  if (!milter) {
    return std::unexpected{milter.error()};
  }
  settings.milter = *milter;
  std::ifstream file{arguments.from_file};
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) {
      settings.from_lines.push_back(line);
    }
  }
  if (settings.from_lines.empty()) {
    return policy::fail(policy::ErrorCode::kNotFound,
                        fmt::format("{} has no line to read", arguments.from_file));
  }
  if (arguments.threads == 0 || settings.connections < arguments.threads) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "give at least one thread, and a connection for each");
  }
  if (arguments.seconds <= 0) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "give more than 0 --seconds");
  }
  settings.duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>{arguments.seconds});
  return {};
}

policy::Result<LoadResult> run_threads(const Arguments& arguments) {
  LoadSettings share = arguments.settings;
  share.connections /= arguments.threads;
  share.rate /= static_cast<double>(arguments.threads);
  share.messages = (share.messages + arguments.threads - 1) / arguments.threads;
  std::vector<std::future<policy::Result<LoadResult>>> others;
  for (std::size_t i = 1; i < arguments.threads; ++i) {
    others.push_back(std::async(std::launch::async, tests::run_load, share));
  }
  share.connections += arguments.settings.connections % arguments.threads;
  auto all = tests::run_load(share);
  for (auto& other : others) {
    const auto result = other.get();
    if (!all || !result) {
      return all ? result : all;
    }
    all->merge(*result);
  }
  return all;
}

void print(const LoadResult& result) {
  const std::size_t messages =
      std::accumulate(result.outcomes.begin(), result.outcomes.end(), std::size_t{0});
  const double seconds = std::chrono::duration<double>{result.elapsed}.count();
  const auto us = [&](double quantile) {
    return std::chrono::duration<double, std::micro>{result.latency.quantile(quantile)}.count();
  };
  std::string verdicts;
  for (std::size_t i = 0; i < tests::kOutcomeNames.size(); ++i) {
    verdicts += fmt::format(
        R"({}"{}": {})", i == 0 ? "" : ", ", tests::kOutcomeNames.at(i), result.outcomes.at(i));
  }
  fmt::print(R"({{"messages": {}, "seconds": {:.3f}, "messages_per_second": {:.1f}, )"
             R"("latency_us": {{"p50": {:.1f}, "p90": {:.1f}, "p99": {:.1f}, "p99.9": {:.1f}, )"
             R"("max": {:.1f}}}, "verdicts": {{{}}}, "errors": {}}})"
             "\n",
             messages,
             seconds,
             seconds > 0 ? static_cast<double>(messages) / seconds : 0.0,
             us(0.5),
             us(0.9),
             us(0.99),
             us(0.999),
             us(1),
             verdicts,
             result.errors);
}

int run(int argc, char** argv) {
  CLI::App app{"Puts load on a milter as an MTA does."};
  Arguments arguments;
  declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : EX_USAGE;
  }
  if (auto completed = complete(arguments); !completed) {
    fmt::print(stderr, "milter_load: {}\n", completed.error().message);
    return EX_USAGE;
  }
  const auto result = run_threads(arguments);
  if (!result) {
    fmt::print(stderr, "milter_load: {}\n", result.error().message);
    return EX_UNAVAILABLE;
  }
  print(*result);
  if (result->errors > 0) {
    fmt::print(stderr, "milter_load: the first error: {}\n", result->first_error);
    return EX_UNAVAILABLE;
  }
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    static_cast<void>(std::fputs(error.what(), stderr));
    return EX_SOFTWARE;
  }
}
