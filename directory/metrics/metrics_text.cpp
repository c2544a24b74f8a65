// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/metrics/metrics_text.h"

#include "directory/notify/notify_control.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/posture_control.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/sync_control.h"

#include <string>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/labels.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace directory {
namespace {

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
  add_syncs(sources, registry);
  add_posture(*sources.posture, registry);
  add_deliveries(*sources.notify, registry);
  return prometheus::TextSerializer{}.Serialize(registry.Collect());
}

}  // namespace directory
