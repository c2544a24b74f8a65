// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/metrics/metrics_text.h"

#include "directory/graph/graph_client.h"
#include "directory/jobs/jobs.h"
#include "directory/notify/notify_control.h"
#include "directory/notify/payload.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/posture_control.h"
#include "directory/publish/published_generation.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "policy/process_figures.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/labels.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace directory {
namespace {

using CounterFamily = prometheus::Family<prometheus::Counter>;
using GaugeFamily = prometheus::Family<prometheus::Gauge>;

GaugeFamily& gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Labels labels_of(const DirectoryKey& key) {
  return {{"organization", key.organization}, {"directory", key.directory}};
}

void set(GaugeFamily& family, const prometheus::Labels& labels, double value) {
  family.Add(labels).Set(value);
}

// What is measured of the reading of each directory.
struct SyncGauges {
  GaugeFamily& users;
  GaugeFamily& success;
  GaugeFamily& failing;
};

void add_sync(const SyncState& state, const DirectoryKey& key, const SyncGauges& to) {
  set(to.users, labels_of(key), static_cast<double>(state.counts.users));
  set(to.success, labels_of(key), static_cast<double>(state.last_success));
  set(to.failing, labels_of(key), state.last_failure.empty() ? 0 : 1);
}

void add_organization(const OrganizationSettings& organization,
                      const DirectoryContent& content,
                      const SyncGauges& to) {
  for (const DirectorySettings& directory : organization.directories) {
    const DirectoryKey key{.organization = organization.name, .directory = directory.name};
    const auto state = content.sync_state(key);
    if (state.has_value()) {
      add_sync(*state, key, to);
    }
  }
}

void add_syncs(const MetricsSources& sources, prometheus::Registry& registry) {
  const SyncGauges to{
      .users = gauges(registry, "fromguard_directory_users", "Users of the set in force"),
      .success = gauges(registry,
                        "fromguard_directory_last_success_timestamp_seconds",
                        "When the directory was last read whole; 0: never"),
      .failing = gauges(
          registry, "fromguard_directory_failing", "1 if the last attempt to read it has failed")};
  for (const OrganizationSettings& organization : sources.control->organizations()) {
    add_organization(organization, *sources.content, to);
  }
}

// An alert on throttling needs 429 and 503 to be there before the first one.
void add_answers_of(const DirectoryKey& key, GraphAnswerCounts answers, CounterFamily& requests) {
  for (const unsigned status : {0U, 200U, 429U, 503U}) {
    answers.try_emplace(status, 0);
  }
  for (const auto& [status, count] : answers) {
    prometheus::Labels labels = labels_of(key);
    labels["status"] = std::to_string(status);
    requests.Add(labels).Increment(static_cast<double>(count));
  }
}

void add_answers_of(const OrganizationSettings& organization,
                    const SyncControl& control,
                    CounterFamily& requests) {
  for (const DirectorySettings& directory : organization.directories) {
    if (std::holds_alternative<Office365Source>(directory.source)) {
      const DirectoryKey key{.organization = organization.name, .directory = directory.name};
      add_answers_of(key, control.graph_answers(key), requests);
    }
  }
}

void add_answers(const SyncControl& control, prometheus::Registry& registry) {
  CounterFamily& requests =
      prometheus::BuildCounter()
          .Name("fromguard_graph_requests_total")
          .Help("Requests to Microsoft Graph by the status of the answer; 0: none")
          .Register(registry);
  for (const OrganizationSettings& organization : control.organizations()) {
    add_answers_of(organization, control, requests);
  }
}

void add_generation(const MetricsSources& sources, prometheus::Registry& registry) {
  const auto manifest = current_manifest(sources.snapshots);
  const bool is_there = manifest.has_value();
  set(gauges(registry, "fromguard_generation", "Generation in force; 0 if there is none"),
      {},
      is_there ? static_cast<double>(manifest->generation) : 0);
  set(gauges(registry,
             "fromguard_generation_published_timestamp_seconds",
             "When the generation in force was published; 0 if there is none"),
      {},
      is_there ? static_cast<double>(manifest->published) : 0);
  set(gauges(registry, "fromguard_protected_people", "People of the generation in force"),
      {},
      is_there ? static_cast<double>(manifest->records.people) : 0);
}

void add_notifications(const Records& records, prometheus::Registry& registry) {
  constexpr std::size_t kMostKept = 10'000;
  const auto open = records.notifications(
      kMostKept, 0, [](const Notification& each) { return !each.is_resolved; });
  if (!open.has_value()) {
    return;
  }
  GaugeFamily& family =
      gauges(registry, "fromguard_notifications_open", "Notifications that nobody has resolved");
  for (const NotificationLevel level :
       {NotificationLevel::kInfo, NotificationLevel::kWarning, NotificationLevel::kError}) {
    const auto count = std::ranges::count(*open, level, &Notification::level);
    set(family, {{"level", std::string{word_of(level)}}}, static_cast<double>(count));
  }
}

void add_jobs(const Jobs& jobs, prometheus::Registry& registry) {
  auto& ended = prometheus::BuildCounter()
                    .Name("fromguard_jobs_total")
                    .Help("Syncs, scans, pulls and other long work that has ended")
                    .Register(registry);
  for (const auto& [what, count] : jobs.ended()) {
    ended.Add({{"kind", what.first}, {"state", std::string{word_of(what.second)}}})
        .Increment(static_cast<double>(count));
  }
  const auto running = std::ranges::count(jobs.list(), JobState::kRunning, &Job::state);
  set(gauges(registry, "fromguard_jobs_running", "Long work that is under way"),
      {},
      static_cast<double>(running));
}

void add_process(prometheus::Registry& registry) {
  const policy::ProcessFigures figures = policy::process_figures();
  set(gauges(registry, "process_resident_memory_bytes", "Resident memory"),
      {},
      static_cast<double>(figures.resident_bytes));
  prometheus::BuildCounter()
      .Name("process_cpu_seconds_total")
      .Help("User and system CPU time")
      .Register(registry)
      .Add({})
      .Increment(figures.cpu_seconds);
  set(gauges(registry, "process_open_fds", "Open descriptors"),
      {},
      static_cast<double>(figures.open_descriptors));
}

void add_findings(const PostureStanding& standing, GaugeFamily& findings) {
  for (const FindingKind& kind : finding_kinds()) {
    const auto found = standing.record.counts.find(kind.id);
    StateCounts counts = found == standing.record.counts.end() ? StateCounts{} : found->second;
    for (const FindingState state :
         {FindingState::kOpen, FindingState::kResolved, FindingState::kNotEvaluated}) {
      prometheus::Labels labels = labels_of(standing.key);
      labels["finding"] = kind.id;
      labels["severity"] = word_of(kind.severity);
      labels["state"] = word_of(state);
      set(findings, labels, static_cast<double>(counts.of(state)));
    }
  }
}

void add_posture(const PostureControl& posture, prometheus::Registry& registry) {
  const auto standings = posture.standings();
  if (!standings.has_value()) {
    return;
  }
  GaugeFamily& findings =
      gauges(registry, "fromguard_posture_findings", "Posture findings by severity and state");
  GaugeFamily& finished = gauges(registry,
                                 "fromguard_posture_scan_finished_timestamp_seconds",
                                 "When a scan was last finished; 0: never");
  GaugeFamily& failing =
      gauges(registry, "fromguard_posture_scan_failing", "1 if the scan has stopped half way");
  for (const PostureStanding& standing : *standings) {
    add_findings(standing, findings);
    set(finished, labels_of(standing.key), static_cast<double>(standing.record.finished));
    set(failing, labels_of(standing.key), standing.record.failure.empty() ? 0 : 1);
  }
}

// What is delivered counts from the start of the daemon, as Prometheus expects of counters.
void add_deliveries(const NotifyControl& notify, prometheus::Registry& registry) {
  const auto standings = notify.standings();
  if (!standings.has_value()) {
    return;
  }
  auto& deliveries = prometheus::BuildCounter()
                         .Name("fromguard_notify_deliveries_total")
                         .Help("Attempts to deliver to webhooks and by mail, by what came of them")
                         .Register(registry);
  GaugeFamily& waiting = gauges(registry,
                                "fromguard_notify_waiting",
                                "What waits to be delivered; 1000 stands for at least so many");
  GaugeFamily& skipped =
      gauges(registry, "fromguard_notify_skipped", "What was dropped undelivered, at least");
  for (const SinkStanding& sink : *standings) {
    const prometheus::Labels labels{{"sink", sink.name}, {"kind", sink.kind}};
    prometheus::Labels taken = labels;
    taken["result"] = "ok";
    prometheus::Labels failed = labels;
    failed["result"] = "failed";
    deliveries.Add(taken).Increment(static_cast<double>(sink.delivered));
    deliveries.Add(failed).Increment(static_cast<double>(sink.failed));
    set(waiting, labels, static_cast<double>(sink.waiting));
    set(skipped, labels, static_cast<double>(sink.skipped));
  }
}

}  // namespace

std::string metrics_text(const MetricsSources& sources) {
  prometheus::Registry registry;
  add_generation(sources, registry);
  add_syncs(sources, registry);
  add_answers(*sources.control, registry);
  add_posture(*sources.posture, registry);
  add_notifications(*sources.records, registry);
  add_deliveries(*sources.notify, registry);
  add_jobs(*sources.jobs, registry);
  add_process(registry);
  return prometheus::TextSerializer{}.Serialize(registry.Collect());
}

}  // namespace directory
