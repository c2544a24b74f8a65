// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/finding_filter.h"

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/store/directory_key.h"
#include "policy/ascii.h"

#include <algorithm>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

bool holds(std::string_view text, std::string_view part) {
  const auto is_same = [](char a, char b) {
    return policy::ascii_lower(a) == policy::ascii_lower(b);
  };
  return !std::ranges::search(text, part, is_same).empty();
}

// The value that is called so; nothing if none is.
template <typename Value>
std::optional<Value> value_called(std::initializer_list<Value> values, std::string_view word) {
  for (const Value value : values) {
    if (word_of(value) == word) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

bool FindingFilter::admits(const PostureFinding& found) const {
  if (state.has_value() && found.state != *state) {
    return false;
  }
  const FindingKind* const kind = find_kind(found.finding);
  if (kind == nullptr || (!finding.empty() && kind->id != finding) ||
      (!category.empty() && kind->category != category) ||
      (severity.has_value() && kind->severity != *severity)) {
    return false;
  }
  return text.empty() || holds(found.subject.label, text) || holds(found.subject.id, text);
}

std::expected<FindingFilter, Problem> finding_filter_of(const ApiRequest& request) {
  FindingFilter filter;
  filter.finding = query_value(request, "finding");
  filter.category = query_value(request, "category");
  filter.text = query_value(request, "text");
  const std::string_view severity = query_value(request, "severity");
  filter.severity = value_called({Severity::kLow, Severity::kMedium, Severity::kHigh}, severity);
  const std::string_view state = query_value(request, "state");
  filter.state = value_called(
      {FindingState::kOpen, FindingState::kResolved, FindingState::kNotEvaluated}, state);
  if (!filter.finding.empty() && find_kind(filter.finding) == nullptr) {
    return refuse_request("there is no finding '" + filter.finding + "'", "/finding");
  }
  const bool is_category = std::ranges::any_of(
      finding_kinds(), [&](const FindingKind& kind) { return kind.category == filter.category; });
  if (!filter.category.empty() && !is_category) {
    return refuse_request("there is no category '" + filter.category + "'", "/category");
  }
  if (!severity.empty() && !filter.severity.has_value()) {
    return refuse_request("severity is low, medium or high", "/severity");
  }
  if (!state.empty() && !filter.state.has_value()) {
    return refuse_request("state is open, resolved or not_evaluated", "/state");
  }
  return filter;
}

std::expected<std::vector<DirectoryKey>, Problem> directories_asked(const ApiServices& services,
                                                                    const ApiRequest& request) {
  const auto places = directories_named(services, request, query_value(request, "directory"));
  if (!places.has_value()) {
    return refuse(places.error());
  }
  const std::string_view organization = query_value(request, "organization");
  std::vector<DirectoryKey> keys;
  for (const DirectoryPlace& place : *places) {
    if (organization.empty() || place.organization->name == organization) {
      keys.push_back(place.key());
    }
  }
  return keys;
}

}  // namespace directory
