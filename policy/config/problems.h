// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A place in a configuration file. Lines and columns count from 1; 0 where there is none.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One thing wrong with a configuration, or worth a warning.
struct Problem {
  enum class Severity { kError, kWarning };

  Severity severity;
  Place place;
  std::string text;  ///< "what is wrong; what would be right"
};

/// `FILE:LINE:COLUMN: text`, warnings marked `warning: `; parts of the place that are absent are
/// left out. Control characters in it are escaped.
[[nodiscard]] std::string format_problem(const Problem& problem);

/// Collects everything wrong with a configuration, so that all of it is told at once.
class Problems {
 public:
  void error(Place place, std::string text);
  void warning(Place place, std::string text);

  /// Adds all that the others hold.
  void append(const Problems& others);

  [[nodiscard]] bool has_errors() const;

  [[nodiscard]] const std::vector<Problem>& all() const { return problems_; }

  /// All problems, one a line, errors first, each kind in the order of the places.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Problem> problems_;
};

/// `text` in single quotes for the text of a problem: made visible, cut after 80 octets.
[[nodiscard]] std::string quoted_excerpt(std::string_view text);

/// The candidate nearest to `word` by edit distance, if it is near enough to be what was meant;
/// empty otherwise.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            const std::vector<std::string_view>& candidates);

/// What to do about a word that is none of `known`: names the nearest, or all of them.
[[nodiscard]] std::string advise_words(std::string_view word,
                                       const std::vector<std::string_view>& known);

}  // namespace policy
