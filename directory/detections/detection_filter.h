// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/detection_record.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace directory {

/// Which detections are asked for. What is empty or absent does not narrow. Words and names are
/// compared whole; texts are looked for within, whatever their case, width and invisible
/// characters.
struct DetectionFilter {
  /// The organizations that whoever asks may see; absent: all of them.
  std::optional<std::set<std::string, std::less<>>> organizations;
  std::string organization;
  std::string finding;
  std::string match;  ///< `none`: those where no name was matched
  std::string action;
  std::string disposition;
  std::string rule;
  std::string person;   ///< text in the person's display name
  std::string address;  ///< text in the shown address or the envelope sender
  std::string text;     ///< text in what is shown, in a name, an address or an id of the message
  std::optional<std::int64_t> since;  ///< seconds since 1970
  std::optional<std::int64_t> until;  ///< seconds since 1970; not those of this second
};

/// The match of a record as filters name it: `none` where no name was matched.
[[nodiscard]] std::string_view match_word(const policy::DetectionRecord& record);

/// Calls `visit` with each text of the record in which the filter's `text` and `address` are looked
/// for.
void for_each_searched_text(const policy::DetectionRecord& record,
                            const std::function<void(std::string_view)>& visit);

/// A filter made ready for many records, all but its times.
class DetectionSieve {
 public:
  explicit DetectionSieve(DetectionFilter filter);

  [[nodiscard]] bool passes(const policy::DetectionRecord& record) const;

 private:
  [[nodiscard]] bool has_words(const policy::DetectionRecord& record) const;
  [[nodiscard]] bool has_texts(const policy::DetectionRecord& record) const;

  DetectionFilter filter_;
};

}  // namespace directory
