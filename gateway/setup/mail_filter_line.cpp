// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/mail_filter_line.h"

#include "policy/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::string_view kName = "fromguard";
// S and R: for sending a command and reading its answer. E: for the end of a message, for which the
// gateway takes up to 13 s. F=T: mail comes later while the gateway does not answer.
constexpr std::string_view kSettings = ", F=T, T=C:10s;S:30s;R:30s;E:2m";

// A call of INPUT_MAIL_FILTER or MAIL_FILTER on one line.
struct FilterCall {
  std::size_t index = 0;  // of the line, from 0
  std::string name;
  std::string settings;  // S=..., F=...
  bool is_whole = false;
};

std::string_view without_space(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Lines with their ends, so that what is not touched stays as it is.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// The text within the next `...' from there; moves behind it.
std::optional<std::string> next_quoted(std::string_view& rest) {
  const std::size_t begin = rest.find('`');
  const std::size_t end = begin == std::string_view::npos ? begin : rest.find('\'', begin);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string text{rest.substr(begin + 1, end - begin - 1)};
  rest.remove_prefix(end + 1);
  return text;
}

std::optional<FilterCall> filter_call(std::string_view line, std::size_t index) {
  std::string_view rest = without_space(line);
  constexpr std::array<std::string_view, 2> kCalls{"INPUT_MAIL_FILTER(", "MAIL_FILTER("};
  if (std::ranges::none_of(kCalls, [&](auto call) { return rest.starts_with(call); })) {
    return std::nullopt;
  }
  FilterCall call{.index = index, .name = {}, .settings = {}, .is_whole = false};
  const auto name = next_quoted(rest);
  const auto settings = next_quoted(rest);
  call.name = name.value_or("");
  call.settings = settings.value_or("");
  call.is_whole = settings.has_value() && without_space(rest).starts_with(')');
  return call;
}

// The value of S or F among the settings of a filter.
std::string_view setting(std::string_view settings, char name) {
  while (!settings.empty()) {
    const std::string_view part = settings.substr(0, settings.find(','));
    const std::string_view word = without_space(part);
    if (word.size() > 1 && word[0] == name && word[1] == '=') {
      return word.substr(2);
    }
    settings.remove_prefix(std::min(part.size() + 1, settings.size()));
  }
  return {};
}

std::string canonical(std::string_view place) {
  constexpr std::string_view kLocal = "local:";
  constexpr std::string_view kLocalhost = "@localhost";
  if (place.starts_with(kLocal)) {
    return "unix:" + std::string{place.substr(kLocal.size())};
  }
  return place.ends_with(kLocalhost)
             ? std::string{place.substr(0, place.size() - kLocalhost.size())} + "@127.0.0.1"
             : std::string{place};
}

bool is_own(const FilterCall& call, std::string_view place) {
  return call.name == kName || canonical(setting(call.settings, 'S')) == canonical(place);
}

// Where a new filter goes: behind the last, or ahead of the sections that must come behind
// everything else.
std::size_t insertion_index(const std::vector<std::string>& lines,
                            const std::vector<FilterCall>& calls) {
  std::size_t after = calls.empty() ? 0 : calls.back().index + 1;
  constexpr std::array<std::string_view, 4> kLast{
      "MAILER(", "MAILER_DEFINITIONS", "LOCAL_CONFIG", "LOCAL_RULE"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = without_space(lines[i]);
    if (line.starts_with("define(`confINPUT_MAIL_FILTERS'")) {
      // What it lists replaces what was there; a filter behind it is added.
      after = std::max(after, i + 1);
    }
    if (after == 0 &&
        std::ranges::any_of(kLast, [&](auto word) { return line.starts_with(word); })) {
      return i;
    }
  }
  return after == 0 ? lines.size() : after;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

std::vector<FilterCall> filter_calls(const std::vector<std::string>& lines) {
  std::vector<FilterCall> calls;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto call = filter_call(lines[i].substr(0, lines[i].find('\n')), i);
    if (call.has_value()) {
      calls.push_back(*std::move(call));
    }
  }
  return calls;
}

std::unexpected<policy::Error> not_whole(const FilterCall& call) {
  return fail(ErrorCode::kInvalidInput,
              "line " + std::to_string(call.index + 1) +
                  ": this filter goes over several lines; write it on one, as "
                  "INPUT_MAIL_FILTER(`NAME', `SETTINGS')dnl");
}

void look_at_action(MailFilterPlan& plan, const FilterCall& call) {
  const std::string_view action = setting(call.settings, 'F');
  const std::string line = "line " + std::to_string(call.index + 1);
  if (action.empty()) {
    plan.warnings.push_back(line +
                            " has no F=: while fromguard does not answer, mail passes "
                            "unseen; F=T lets it come later");
  } else if (action == "R") {
    plan.warnings.push_back(line +
                            " has F=R: while fromguard does not answer, all mail bounces; "
                            "F=T lets it come later");
  }
}

// A filter that is there: it is kept, at the place where the gateway is now.
void keep(MailFilterPlan& plan,
          std::vector<std::string>& lines,
          const FilterCall& call,
          std::string_view place) {
  std::string& line = lines[call.index];
  const std::string present{setting(call.settings, 'S')};
  if (canonical(present) != canonical(place)) {
    const std::string address = "S=" + present;
    line.replace(line.find(address), address.size(), "S=" + std::string{place});
  }
  plan.line = line.substr(0, line.find('\n'));
  plan.line_number = call.index + 1;
  look_at_action(plan, call);
}

}  // namespace

Result<MailFilterPlan> with_mail_filter(std::string_view mc, std::string_view place) {
  std::vector<std::string> lines = lines_of(mc);
  const std::vector<FilterCall> calls = filter_calls(lines);
  MailFilterPlan plan;
  const auto own =
      std::ranges::find_if(calls, [&](const FilterCall& call) { return is_own(call, place); });
  for (auto call = calls.begin(); call != own; ++call) {
    plan.before.push_back(call->name);
  }
  if (own != calls.end()) {
    if (!own->is_whole || setting(own->settings, 'S').empty()) {
      return not_whole(*own);
    }
    keep(plan, lines, *own, place);
  } else {
    const std::size_t index = insertion_index(lines, calls);
    plan.line = "INPUT_MAIL_FILTER(`" + std::string{kName} + "', `S=" + std::string{place} +
                std::string{kSettings} + "')dnl";
    plan.line_number = index + 1;
    if (index > 0 && !lines[index - 1].ends_with('\n')) {
      lines[index - 1] += '\n';
    }
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), plan.line + "\n");
  }
  plan.text = joined(lines);
  return plan;
}

Result<MailFilterPlan> without_mail_filter(std::string_view mc, std::string_view place) {
  std::vector<std::string> lines = lines_of(mc);
  MailFilterPlan plan;
  for (const FilterCall& call : filter_calls(lines)) {
    if (!is_own(call, place)) {
      continue;
    }
    if (!call.is_whole) {
      return not_whole(call);
    }
    std::string& line = lines[call.index];
    if (plan.line.empty()) {
      plan.line = line.substr(0, line.find('\n'));
      plan.line_number = call.index + 1;
    }
    line.clear();
  }
  plan.text = joined(lines);
  return plan;
}

bool includes_macros(std::string_view mc) {
  return std::ranges::any_of(lines_of(mc), [](const std::string& line) {
    const std::string_view text = without_space(line);
    return text.starts_with("include(") && text.find("cf.m4'") != std::string_view::npos;
  });
}

std::string fault_of_expansion(std::string_view cf, std::string_view place) {
  std::string name;
  std::string asked;
  constexpr std::string_view kAsked = "O InputMailFilters=";
  for (const std::string& line : lines_of(cf)) {
    const std::string_view text{line};
    if (text.starts_with('X') && canonical(setting(text, 'S')) == canonical(place)) {
      name = text.substr(1, text.find(',') - 1);
    }
    if (text.starts_with(kAsked)) {
      asked = "," + line.substr(kAsked.size(), line.find('\n') - kAsked.size()) + ",";
    }
  }
  std::erase(asked, ' ');
  if (name.empty()) {
    return "m4 leaves the filter out";
  }
  return asked.find("," + name + ",") == std::string::npos
             ? "the filter is not among those of confINPUT_MAIL_FILTERS; add `" + name + "' there"
             : "";
}

}  // namespace gateway
