// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A service that sends mail under the names of its users: file sharing, signatures, calendars.
struct DelegatedService {
  std::string name;                  ///< for people
  std::vector<std::string> senders;  ///< canonical addresses, and `*@domain` for a whole domain
};

/// The catalogue of such services. Immutable once made; thread-safe.
///
/// Whether a message is really the service's is not decided here: only authentication tells.
class DelegatedSenders {
 public:
  /// Reads the text of a catalogue. Everything wrong is told in `problems`, all at once; nothing is
  /// returned if there is an error. An empty list of services is valid.
  [[nodiscard]] static std::optional<DelegatedSenders> parse(std::string_view text,
                                                             const std::string& file_name,
                                                             Problems& problems);

  /// The catalogue of conf/delegated-senders.yaml, as it was when the program was built.
  [[nodiscard]] static const DelegatedSenders& built_in();

  /// The service that writes in its users' names from this canonical address; null if none does.
  /// A domain is compared whole: `*@example.com` does not hold `x@mail.example.com`. Lives as long
  /// as the catalogue.
  [[nodiscard]] const DelegatedService* find(std::string_view canonical_address) const;

  /// All services, in the order of the file.
  [[nodiscard]] const std::vector<DelegatedService>& services() const { return services_; }

 private:
  std::vector<DelegatedService> services_;
  std::map<std::string, std::size_t, std::less<>> service_of_sender_;  // positions in services_
};

}  // namespace policy
