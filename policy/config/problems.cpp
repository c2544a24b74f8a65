// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"

#include "policy/name/visible_text.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// One row of the table that `edit_distance` works out.
using Distances = std::vector<std::size_t>;

bool is_same(char a, char b) {
  return lower_ascii(a) == lower_ascii(b);
}

bool is_swapped(std::string_view a, std::string_view b, std::size_t i, std::size_t j) {
  return i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]);
}

// Optimal string alignment distance (Damerau-Levenshtein where no part is edited twice), blind to
// the case of ASCII letters.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  Distances before_previous(b.size() + 1);
  Distances previous(b.size() + 1);
  Distances current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    current[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_previous, previous);
    std::swap(previous, current);
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (is_same(a[i - 1], b[j - 1]) ? 0 : 1);
      const std::size_t swapped =
          is_swapped(a, b, i, j) ? before_previous[j - 2] + 1 : std::string_view::npos;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced, swapped});
    }
  }
  return current[b.size()];
}

auto sort_key(const Problem& problem) {
  return std::tuple{problem.severity != Problem::Severity::kError,
                    std::string_view{problem.place.file},
                    problem.place.line,
                    problem.place.column};
}

}  // namespace

std::string format_problem(const Problem& problem) {
  std::string line = problem.place.file;
  for (const int number : {problem.place.line, problem.place.column}) {
    if (number > 0) {
      line += fmt::format("{}{}", line.empty() ? "" : ":", number);
    }
  }
  if (!line.empty()) {
    line += ": ";
  }
  if (problem.severity == Problem::Severity::kWarning) {
    line += "warning: ";
  }
  return visible_text(line + problem.text);
}

void Problems::error(Place place, std::string text) {
  problems_.push_back({Problem::Severity::kError, std::move(place), std::move(text)});
}

void Problems::warning(Place place, std::string text) {
  problems_.push_back({Problem::Severity::kWarning, std::move(place), std::move(text)});
}

void Problems::append(const Problems& others) {
  problems_.insert(problems_.end(), others.problems_.begin(), others.problems_.end());
}

bool Problems::has_errors() const {
  return std::ranges::any_of(problems_, [](const Problem& problem) {
    return problem.severity == Problem::Severity::kError;
  });
}

std::string Problems::text() const {
  std::vector<const Problem*> sorted;
  sorted.reserve(problems_.size());
  for (const Problem& problem : problems_) {
    sorted.push_back(&problem);
  }
  std::ranges::stable_sort(
      sorted, [](const Problem* a, const Problem* b) { return sort_key(*a) < sort_key(*b); });
  std::string lines;
  for (const Problem* problem : sorted) {
    lines += format_problem(*problem) + '\n';
  }
  return lines;
}

std::string quoted_excerpt(std::string_view text) {
  constexpr std::size_t kMaximumOctets = 80;
  if (text.size() <= kMaximumOctets) {
    return "'" + visible_text(text) + "'";
  }
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  std::size_t end = kMaximumOctets;
  while (end > 0 && is_continuation(text[end])) {
    --end;
  }
  return "'" + visible_text(text.substr(0, end)) + "...'";
}

std::string_view nearest_word(std::string_view word,
                              const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  std::size_t nearest_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string_view candidate : candidates) {
    // A third of the letters may be wrong; a longer difference in length needs no look.
    const std::size_t shorter = std::min(word.size(), candidate.size());
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t tolerance = std::max<std::size_t>(1, shorter / 3);
    if (shorter < 2 || longer - shorter > tolerance) {
      continue;
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= tolerance && distance < nearest_distance) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  return nearest;
}

std::string advise_words(std::string_view word, const std::vector<std::string_view>& known) {
  if (const std::string_view nearest = nearest_word(word, known); !nearest.empty()) {
    return fmt::format("did you mean '{}'?", nearest);
  }
  if (known.empty()) {
    return "remove it";
  }
  if (known.size() == 1) {
    return fmt::format("only '{}' is known here", known.front());
  }
  return fmt::format("known here: {}", fmt::join(known, ", "));
}

}  // namespace policy
