// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/report.h"

#include "gateway/replay/replay_counts.h"
#include "gateway/replay/text_table.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/rule.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Row = std::vector<std::string>;
using Under = std::optional<RuleRow::UnderPolicy>;

std::uint64_t messages_of(const PolicyCounts& counts, std::string_view rule) {
  const auto place = counts.rules.find(rule);
  return place == counts.rules.end() ? 0 : place->second;
}

void add_rules(std::vector<RuleRow>& rows,
               const policy::Policy& policy,
               const PolicyCounts& counts,
               Under RuleRow::* side) {
  for (const policy::Rule& rule : policy.rules()) {
    auto row = std::ranges::find(rows, rule.name, &RuleRow::rule);
    if (row == rows.end()) {
      rows.push_back({.rule = rule.name, .in_force = {}, .candidate = {}});
      row = std::prev(rows.end());
    }
    (*row).*side = {.action = rule.then.action, .messages = messages_of(counts, rule.name)};
  }
}

Under default_rule(const PolicyCounts& counts) {
  return RuleRow::UnderPolicy{.action = policy::Decision{}.action,
                              .messages = messages_of(counts, "")};
}

std::uint64_t sum(const CountByAction& counts) {
  std::uint64_t total = 0;
  for (const auto& [action, messages] : counts) {
    total += messages;
  }
  return total;
}

std::uint64_t weight(const PersonCounts& counts) {
  return std::max(sum(counts.in_force), sum(counts.candidate));
}

std::string text_of(const CountByAction& counts) {
  std::string text;
  for (const auto& [action, messages] : counts) {
    text += text.empty() ? "" : ", ";
    text += std::string{policy::word(action)} + ' ' + std::to_string(messages);
  }
  return text.empty() ? "-" : text;
}

void add_never_matched(std::vector<Row>& rows, const NeverMatched& never, const char* in_which) {
  for (const auto& [noun, names] : {std::pair{"rule", &never.rules},
                                    std::pair{"exception", &never.exceptions},
                                    std::pair{"list", &never.lists}}) {
    for (const std::string& each : *names) {
      rows.push_back({std::string{noun} + " \"" + policy::visible_text(each) + '"', in_which});
    }
  }
}

std::string action_text(const RuleRow& row) {
  const Under& before = row.in_force;
  const Under& after = row.candidate;
  const std::string in_force = before.has_value() ? std::string{word(before->action)} : "";
  const std::string candidate = after.has_value() ? std::string{word(after->action)} : "";
  if (in_force.empty() || candidate.empty() || in_force == candidate) {
    return in_force.empty() ? candidate : in_force;
  }
  return in_force + " -> " + candidate;
}

std::string messages_text(const Under& rule) {
  return rule.has_value() ? std::to_string(rule->messages) : "-";
}

// Writes the tables of one report, those of the candidate only where there is one.
class TableWriter {
 public:
  TableWriter(std::ostream& output, const ReplayReport& report)
      : output_(output), report_(report) {}

  void write() const {
    write_head();
    write_verdicts();
    write_rules();
    write_people();
    write_never_matched();
    write_differences();
  }

 private:
  // A row with a cell for the policy in force and one for the candidate.
  [[nodiscard]] Row row(Row cells, std::string in_force, std::string candidate) const {
    cells.push_back(std::move(in_force));
    if (report_.candidate != nullptr) {
      cells.push_back(std::move(candidate));
    }
    return cells;
  }

  [[nodiscard]] Row titles(Row cells) const {
    return report_.candidate == nullptr ? row(std::move(cells), "messages", "")
                                        : row(std::move(cells), "in force", "candidate");
  }

  void write_section(const std::vector<Row>& rows) const {
    output_ << '\n';
    write_table(output_, rows);
  }

  void write_policy(std::string_view name, const policy::Policy& policy) const {
    output_ << name << "policy " << policy.digest() << ", mode " << word(policy.mode()) << '\n';
  }

  void write_head() const {
    const ReplayCounts& counts = report_.counts;
    write_policy("in force:   ", report_.in_force);
    if (report_.candidate != nullptr) {
      write_policy("candidate:  ", *report_.candidate);
    }
    output_ << "generation: " << report_.generation << '\n'
            << "messages:   " << counts.messages << '\n';
    write_count(counts.cut_headers,
                "headers beyond limits.header_bytes, judged by their beginning");
    write_count(counts.not_read, "files or folders not read");
    write_count(counts.passed_over, "files passed over, which are no mail");
  }

  void write_count(std::uint64_t count, std::string_view what) const {
    if (count > 0) {
      output_ << "            " << count << ' ' << what << '\n';
    }
  }

  void write_verdicts() const {
    const PolicyCounts& before = report_.counts.in_force;
    const PolicyCounts& after = report_.counts.candidate;
    std::vector<Row> rows{titles({"verdict"})};
    const auto add = [&](const char* name, std::uint64_t PolicyCounts::* count) {
      rows.push_back(row({name}, std::to_string(before.*count), std::to_string(after.*count)));
    };
    add("no finding", &PolicyCounts::no_finding);
    add("finding", &PolicyCounts::finding);
    add("not judged", &PolicyCounts::not_judged);
    write_section(rows);
  }

  void write_rules() const {
    std::vector<Row> rows{titles({"rule", "action"})};
    for (const RuleRow& rule : rule_rows(report_)) {
      rows.push_back(row(
          {rule.rule.empty() ? "(default)" : policy::visible_text(rule.rule), action_text(rule)},
          messages_text(rule.in_force),
          messages_text(rule.candidate)));
    }
    write_section(rows);
  }

  void write_people() const {
    constexpr std::size_t kShown = 20;
    const auto people = ranked_people(report_.counts);
    if (people.empty()) {
      return;
    }
    std::vector<Row> rows{titles({"person", "organization"})};
    for (const auto* entry : people) {
      if (rows.size() > kShown) {
        break;
      }
      const auto& [person, counts] = *entry;
      rows.push_back(
          row({policy::visible_text(person.name), policy::visible_text(person.organization)},
              text_of(counts.in_force),
              text_of(counts.candidate)));
    }
    write_section(rows);
    if (people.size() > kShown) {
      output_ << "and " << people.size() - kShown << " more; --json tells of all\n";
    }
  }

  void write_never_matched() const {
    std::vector<Row> rows{{"never matched", "policy"}};
    add_never_matched(rows, never_matched(report_.in_force, report_.counts.in_force), "in force");
    if (report_.candidate != nullptr) {
      add_never_matched(
          rows, never_matched(*report_.candidate, report_.counts.candidate), "candidate");
    }
    if (rows.size() > 1) {
      write_section(rows);
    }
  }

  void write_differences() const {
    if (report_.candidate == nullptr) {
      return;
    }
    if (report_.counts.differences.empty()) {
      output_ << "\nno message is treated differently\n";
      return;
    }
    std::vector<Row> rows{{"in force", "candidate", "messages"}};
    for (const auto& [outcomes, difference] : report_.counts.differences) {
      rows.push_back({std::string{word(outcomes.first)},
                      std::string{word(outcomes.second)},
                      std::to_string(difference.messages)});
    }
    write_section(rows);
    for (const auto& [outcomes, difference] : report_.counts.differences) {
      output_ << '\n' << word(outcomes.first) << " -> " << word(outcomes.second) << '\n';
      for (const DifferenceExample& example : difference.examples) {
        write_example(example);
      }
    }
  }

  void write_example(const DifferenceExample& example) const {
    output_ << "  " << example.place << "  " << example.message_id << '\n'
            << "    From: " << example.from << '\n';
    if (!example.reason.empty()) {
      output_ << "    " << example.reason << '\n';
    }
  }

  std::ostream& output_;
  const ReplayReport& report_;
};

}  // namespace

std::vector<RuleRow> rule_rows(const ReplayReport& report) {
  std::vector<RuleRow> rows;
  add_rules(rows, report.in_force, report.counts.in_force, &RuleRow::in_force);
  RuleRow by_default{.rule = {}, .in_force = default_rule(report.counts.in_force), .candidate = {}};
  if (report.candidate != nullptr) {
    add_rules(rows, *report.candidate, report.counts.candidate, &RuleRow::candidate);
    by_default.candidate = default_rule(report.counts.candidate);
  }
  rows.push_back(std::move(by_default));
  return rows;
}

NeverMatched never_matched(const policy::Policy& policy, const PolicyCounts& counts) {
  NeverMatched never;
  const auto note =
      [](const std::string& name, const CountByName& matched, std::vector<std::string>& names) {
        if (!matched.contains(name)) {
          names.push_back(name);
        }
      };
  for (const policy::Rule& rule : policy.rules()) {
    note(rule.name, counts.rules, never.rules);
  }
  for (const policy::PolicyException& exception : policy.exceptions()) {
    note(exception.name, counts.exceptions, never.exceptions);
  }
  for (const auto& [name, list] : policy.lists()) {
    note(name, counts.lists, never.lists);
  }
  return never;
}

std::vector<const std::pair<const CountedPerson, PersonCounts>*> ranked_people(
    const ReplayCounts& counts) {
  std::vector<const std::pair<const CountedPerson, PersonCounts>*> people;
  people.reserve(counts.people.size());
  for (const auto& entry : counts.people) {
    people.push_back(&entry);
  }
  // Stable: people with as many messages stay in the order of their names.
  std::ranges::stable_sort(
      people, std::ranges::greater{}, [](const auto* entry) { return weight(entry->second); });
  return people;
}

void write_report(std::ostream& output, const ReplayReport& report) {
  TableWriter{output, report}.write();
}

}  // namespace gateway
