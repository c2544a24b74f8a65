// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
//
// Writes detections as the gateway does, without mail: so many at once, spread over sixty days up
// to now, or so many a second through the gateway's own queue. Prints what came of it as JSON.
#include "gateway/detections/detection_database.h"
#include "gateway/detections/detection_writer.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPeople = 500;
constexpr std::size_t kBatch = 500;
constexpr std::int64_t kMilliseconds = 1000;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Detections as they are in mail: few people, many senders, ids of messages that occur once.
class Records {
 public:
  policy::DetectionRecord next(std::int64_t milliseconds) {
    constexpr std::array<std::string_view, 4> kMatches{
        "exact", "reordered", "lookalike", "decorated"};
    constexpr std::array<std::string_view, 3> kActions{"tag", "quarantine", "reject"};
    ++number_;
    policy::DetectionRecord record;
    record.time = milliseconds / kMilliseconds;
    record.organization = number_ % 10 == 0 ? "fabrikam" : "contoso";
    record.queue_id = fmt::format("{:016X}", random_());
    record.message_id = fmt::format("<{:x}.{:x}@mail.freemail.example>", random_(), random_());
    record.client = fmt::format("203.0.113.{}", random_() % 250);
    record.helo = "mail.freemail.example";
    record.person = fmt::format("Person Number{}", random_() % kPeople);
    record.address = fmt::format("office{}@freemail.example", random_() % 100'000);
    record.mail_from = fmt::format("bounce-{:x}@freemail.example", random_());
    record.recipients = {fmt::format("box{}@contoso.com", random_() % 5'000)};
    record.recipient_count = 1;
    record.shown = {record.person};
    record.from = fmt::format("{} <{}>", record.person, record.address);
    record.finding = "protected_name";
    record.match = kMatches.at(random_() % kMatches.size());
    record.field = "from";
    record.reason =
        fmt::format("Protected Name {} should not appear as {}", record.person, record.address);
    record.disposition = "spoof";
    record.action = kActions.at(random_() % kActions.size());
    record.decides = true;
    record.mode = "enforce";
    record.rule = fmt::format("rule {}", random_() % 20);
    record.policy = "3f2a9c1e";
    record.generation = 42;
    if (number_ == kRare) {
      record.address = "mallory4711@elsewhere.example";
    }
    return record;
  }

 private:
  static constexpr std::uint64_t kRare = 1'000;

  std::mt19937_64 random_{20261122};
  std::uint64_t number_ = 0;
};

// Throws for what keeps the load from being what was asked for.
void expect(const policy::Result<void>& done) {
  if (!done.has_value()) {
    throw std::runtime_error{done.error().message};
  }
}

std::uint64_t octets_in(const fs::path& folder) {
  std::uint64_t sum = 0;
  for (const fs::directory_entry& each : fs::directory_iterator{folder}) {
    std::error_code is_gone;
    const std::uintmax_t size = each.file_size(is_gone);
    sum += is_gone ? 0 : size;
  }
  return sum;
}

void fill(const fs::path& folder, std::uint64_t records, std::uint64_t octets) {
  gateway::DetectionRetention retention;
  retention.octets = octets;
  const auto database = gateway::DetectionDatabase::open(folder, retention).value();
  constexpr std::int64_t kPeriod = std::int64_t{60} * 86'400 * kMilliseconds;
  const std::int64_t first = now() - kPeriod;
  Records make;
  policy::UlidSequence ids;
  std::vector<policy::DetectionRecord> batch;
  for (std::uint64_t i = 0; i < records; ++i) {
    const std::int64_t time = first + static_cast<std::int64_t>(i * (kPeriod / records));
    batch.push_back(make.next(time));
    batch.back().id = ids.next(time);
    if (batch.size() == kBatch || i + 1 == records) {
      expect(database->write(batch));
      batch.clear();
    }
  }
  fmt::print("{{\"records\": {}, \"octets\": {}}}\n", records, octets_in(folder));
}

void write(const fs::path& folder,
           std::uint64_t rate,
           std::uint64_t seconds,
           std::uint64_t octets) {
  std::atomic<std::uint64_t> dropped = 0;
  std::atomic<std::uint64_t> failures = 0;
  std::atomic<std::uint64_t> removals = 0;
  gateway::DetectionReports reports;
  reports.on_dropped = [&](std::uint64_t records) { dropped += records; };
  reports.on_failure = [&](const policy::Error&, bool) { ++failures; };
  reports.on_recovery = [] {};
  reports.on_early_removal = [&](std::int64_t, bool) { ++removals; };
  gateway::DetectionWriterSettings settings;
  settings.folder = folder;
  settings.retention.octets = octets;
  std::uint64_t most = 0;
  {
    gateway::DetectionWriter writer{std::move(settings), std::move(reports)};
    Records make;
    const auto begun = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < rate * seconds; ++i) {
      std::this_thread::sleep_until(begun + (i * std::chrono::nanoseconds{std::nano::den} / rate));
      static_cast<void>(writer.keep(make.next(now())));
      if (i % std::max<std::uint64_t>(rate / 5, 1) == 0) {
        most = std::max(most, octets_in(folder));
      }
    }
  }
  fmt::print(
      "{{\"records\": {}, \"most_octets\": {}, \"bound\": {}, \"dropped\": {}, \"failures\": {}, "
      "\"removals\": {}}}\n",
      rate * seconds,
      most,
      octets,
      dropped.load(),
      failures.load(),
      removals.load());
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  CLI::App app{"Writes detections as the gateway does"};
  std::string folder;
  std::uint64_t records = 0;
  std::uint64_t rate = 0;
  std::uint64_t seconds = 0;
  std::uint64_t octets = std::uint64_t{1} << 30U;
  app.require_subcommand(1);
  CLI::App* const fill = app.add_subcommand("fill", "Write so many, spread over sixty days");
  CLI::App* const write =
      app.add_subcommand("write", "Write so many a second, and remove old ones");
  for (CLI::App* const each : {fill, write}) {
    each->add_option("folder", folder, "The gateway's folder of detections")->required();
    each->add_option("--octets", octets, "What the database may take")->capture_default_str();
  }
  fill->add_option("--records", records)->required();
  write->add_option("--rate", rate, "Records a second")->required();
  write->add_option("--seconds", seconds)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    if (fill->parsed()) {
      bench::fill(folder, records, octets);
    } else {
      bench::write(folder, rate, seconds, octets);
    }
  } catch (const std::exception& failure) {
    fmt::print(stderr, "detection_load: {}\n", failure.what());
    return 1;
  }
  return 0;
}
