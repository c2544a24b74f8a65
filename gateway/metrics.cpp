// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics.h"

#include "gateway/relay_guards/relay_objection.h"
#include "gateway/session/verdict.h"
#include "policy/name/match.h"
#include "policy/process_figures.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace gateway {
namespace {

using CounterFamily = prometheus::Family<prometheus::Counter>;
using GaugeFamily = prometheus::Family<prometheus::Gauge>;

CounterFamily& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram::BucketBoundaries inspect_buckets() {
  return {1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0};
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  CounterFamily& messages = counter(registry, "fromguard_messages_total", "Messages by verdict");
  // Looking a label up costs more than counting; these are counted for each message.
  prometheus::Counter& accepted = messages.Add({{"verdict", "accept"}});
  prometheus::Counter& with_finding = messages.Add({{"verdict", "finding"}});
  prometheus::Counter& skipped = messages.Add({{"verdict", "skipped"}});
  prometheus::Counter& degraded_messages = messages.Add({{"verdict", "degraded"}});
  prometheus::Counter& outbound = messages.Add({{"verdict", "outbound"}});
  prometheus::Counter& refused = messages.Add({{"verdict", "refused"}});
  CounterFamily& objections =
      counter(registry,
              "fromguard_guard_objections_total",
              "Outbound mail of nobody's tenant and routing loops, by reason and what was done");
  CounterFamily& findings =
      counter(registry, "fromguard_findings_total", "Findings by organization and outcome");
  CounterFamily& noted =
      counter(registry, "fromguard_noted_total", "Matches that were seen but are no finding");
  CounterFamily& rules =
      counter(registry, "fromguard_rule_matches_total", "Findings that a rule decided");
  CounterFamily& exceptions = counter(
      registry, "fromguard_exception_matches_total", "Findings that an exception took away");
  CounterFamily& lists = counter(registry,
                                 "fromguard_list_matches_total",
                                 "Findings that a list settled, by a rule or an exception");
  CounterFamily& shadow_differences =
      counter(registry,
              "fromguard_shadow_differences_total",
              "Findings that the shadow rules decide otherwise, by both actions");
  CounterFamily& reload_failures =
      counter(registry, "fromguard_reload_failures_total", "Policies, snapshots, tenants refused");
  CounterFamily& degraded =
      counter(registry, "fromguard_degraded_total", "Messages not or not fully judged, by reason");
  CounterFamily& limits = counter(registry, "fromguard_limits_total", "Limits hit");
  prometheus::Histogram& inspect_seconds = prometheus::BuildHistogram()
                                               .Name("fromguard_inspect_seconds")
                                               .Help("End of header to verdict")
                                               .Register(registry)
                                               .Add({}, inspect_buckets());
  prometheus::Histogram& dns_seconds =
      prometheus::BuildHistogram()
          .Name("fromguard_dns_seconds")
          .Help("Questions sent to DNS, to their answer")
          .Register(registry)
          .Add({},
               prometheus::Histogram::BucketBoundaries{
                   1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0});
  prometheus::Counter& authenticated =
      counter(registry,
              "fromguard_authentication_checks_total",
              "Messages for which SPF, DKIM and DMARC were worked out")
          .Add({});
  prometheus::Counter& dropped_detections =
      counter(registry, "fromguard_detections_dropped_total", "Detections that were not kept")
          .Add({});
  prometheus::Counter& detection_failures =
      counter(registry,
              "fromguard_detections_failures_total",
              "Attempts to open or write the database of detections that failed")
          .Add({});
  prometheus::Counter& early_removals =
      counter(registry,
              "fromguard_detections_removed_early_total",
              "Times that the oldest detections went before their age for want of room")
          .Add({});
  prometheus::Gauge& generation =
      gauge(registry, "fromguard_snapshot_generation", "Generation served; 0 if none");
  prometheus::Gauge& snapshot_age = gauge(registry,
                                          "fromguard_snapshot_age_seconds",
                                          "Since the generation was last known to be right");
  prometheus::Gauge& names =
      gauge(registry, "fromguard_snapshot_names", "Name keys in the generation");
  prometheus::Gauge& connections = gauge(registry, "fromguard_connections", "Open connections");
  prometheus::Gauge& resident = gauge(registry, "process_resident_memory_bytes", "Resident memory");
  prometheus::Counter& cpu =
      counter(registry, "process_cpu_seconds_total", "User and system CPU time").Add({});
  prometheus::Gauge& descriptors = gauge(registry, "process_open_fds", "Open descriptors");
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {
  // There from the start, so that an alert on their growth has a first value.
  families_->reload_failures.Add({{"what", "policy"}});
  families_->reload_failures.Add({{"what", "snapshot"}});
  families_->reload_failures.Add({{"what", "outbound_tenants"}});
  for (const Degradation why : kDegradations) {
    families_->degraded.Add({{"why", std::string{word(why)}}});
  }
}

Metrics::~Metrics() = default;

void Metrics::count_message(const Verdict& verdict, std::chrono::steady_clock::duration judging) {
  count_kind(verdict);
  if (verdict.kind == Verdict::Kind::kSkipped) {
    return;
  }
  families_->inspect_seconds.Observe(std::chrono::duration<double>(judging).count());
  for (const JudgedFinding& judged : verdict.findings) {
    const auto match = judged.finding.match;
    families_->findings
        .Add({{"organization", judged.finding.organization_name},
              {"finding", std::string{word(judged.finding.kind)}},
              {"match", match.has_value() ? std::string{word(*match)} : "none"},
              {"disposition", std::string{word(judged.decision.disposition)}},
              {"action", std::string{word(judged.decision.action)}}})
        .Increment();
  }
  if (!verdict.authentication_results.empty()) {
    families_->authenticated.Increment();
  }
  count_rules(verdict);
  for (const policy::Finding& noted : verdict.noted) {
    families_->noted
        .Add({{"match",
               std::string{noted.match.has_value() ? word(*noted.match) : word(noted.kind)}}})
        .Increment();
  }
  for (const policy::FieldLimit limit : verdict.limits) {
    count_limit(word(limit));
  }
  if (verdict.degradation.has_value()) {
    families_->degraded.Add({{"why", std::string{word(*verdict.degradation)}}}).Increment();
  }
}

void Metrics::count_kind(const Verdict& verdict) {
  switch (verdict.kind) {
    case Verdict::Kind::kNoFinding: families_->accepted.Increment(); break;
    case Verdict::Kind::kFinding: families_->with_finding.Increment(); break;
    case Verdict::Kind::kSkipped: families_->skipped.Increment(); break;
    case Verdict::Kind::kDegraded: families_->degraded_messages.Increment(); break;
    case Verdict::Kind::kOutbound: families_->outbound.Increment(); break;
    case Verdict::Kind::kRefused: families_->refused.Increment(); break;
  }
  if (const auto& objection = verdict.objection; objection.has_value()) {
    const bool is_refused = verdict.kind == Verdict::Kind::kRefused;
    families_->objections
        .Add({{"guard", is_loop(objection->kind) ? "loop" : "tenant"},
              {"why", std::string{word(objection->kind)}},
              {"action", is_refused ? "reject" : "none"}})
        .Increment();
  }
}

void Metrics::count_rules(const Verdict& verdict) {
  for (const JudgedFinding& judged : verdict.findings) {
    if (!judged.decision.rule.empty()) {
      families_->rules.Add({{"rule", judged.decision.rule}}).Increment();
    }
    for (const std::string& list : judged.decision.lists) {
      families_->lists.Add({{"list", list}}).Increment();
    }
  }
  for (const std::string& list : verdict.exception_lists) {
    families_->lists.Add({{"list", list}}).Increment();
  }
  for (const std::string& exception : verdict.exceptions) {
    families_->exceptions.Add({{"exception", exception}}).Increment();
  }
  const auto action = [](const std::optional<policy::Decision>& decision) {
    return std::string{decision.has_value() ? word(decision->action) : "none"};
  };
  for (const ShadowDifference& difference : verdict.shadow_differences) {
    families_->shadow_differences
        .Add({{"action", action(difference.decision)}, {"shadow", action(difference.shadow)}})
        .Increment();
  }
}

void Metrics::set_policy(const policy::Policy& policy) {
  for (const policy::Rule& rule : policy.rules()) {
    families_->rules.Add({{"rule", rule.name}});
  }
  for (const policy::PolicyException& exception : policy.exceptions()) {
    families_->exceptions.Add({{"exception", exception.name}});
  }
  for (const auto& [name, list] : policy.lists()) {
    families_->lists.Add({{"list", name}});
  }
}

void Metrics::count_limit(std::string_view what) {
  families_->limits.Add({{"what", std::string{what}}}).Increment();
}

void Metrics::count_dns_question(std::chrono::steady_clock::duration time) {
  families_->dns_seconds.Observe(std::chrono::duration<double>(time).count());
}

void Metrics::count_reload_failure(std::string_view what) {
  families_->reload_failures.Add({{"what", std::string{what}}}).Increment();
}

void Metrics::count_dropped_detections(std::uint64_t records) {
  families_->dropped_detections.Increment(static_cast<double>(records));
}

void Metrics::count_early_removal() {
  families_->early_removals.Increment();
}

void Metrics::count_detection_failure() {
  families_->detection_failures.Increment();
}

void Metrics::set_snapshot(std::uint64_t generation,
                           std::uint64_t names,
                           std::chrono::seconds age) {
  families_->generation.Set(static_cast<double>(generation));
  families_->names.Set(static_cast<double>(names));
  families_->snapshot_age.Set(static_cast<double>(age.count()));
}

void Metrics::set_connections(std::size_t connections) {
  families_->connections.Set(static_cast<double>(connections));
}

std::string Metrics::text() {
  const policy::ProcessFigures figures = policy::process_figures();
  families_->resident.Set(static_cast<double>(figures.resident_bytes));
  families_->cpu.Increment(std::max(0.0, figures.cpu_seconds - families_->cpu.Value()));
  families_->descriptors.Set(static_cast<double>(figures.open_descriptors));
  return prometheus::TextSerializer{}.Serialize(families_->registry.Collect());
}

}  // namespace gateway
