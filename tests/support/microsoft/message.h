// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {

/// Which of Microsoft's hosts a request came to; each has an origin of its own.
enum class Service : std::uint8_t { kLogin, kGraph, kExchange };

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The value of the first field of this name, case-insensitively.
[[nodiscard]] std::optional<std::string_view> find_field(const Fields& fields,
                                                         std::string_view name);

struct Request {
  Service service = Service::kGraph;
  std::string method = "GET";
  std::string path;   ///< percent-encoded, begins with a slash
  std::string query;  ///< percent-encoded, without the question mark
  Fields headers;
  std::string body;
};

/// How a response goes out.
enum class Delivery : std::uint8_t {
  kWhole,
  kResetBefore,  ///< the connection is reset instead
  kResetInBody,  ///< reset after half of the body
  kSlow,         ///< the body comes in small pieces
  kLate,         ///< everything comes after the pause
};

struct Response {
  unsigned status = 200;
  Fields headers;
  std::string body;
  Delivery delivery = Delivery::kWhole;
  std::chrono::milliseconds pause{0};  ///< between the pieces of a slow body, or before all
};

/// Names and values of a form or of a query, percent-decoded, in their order.
class Parameters {
 public:
  /// `kInvalidInput` for a broken percent escape and for a name that comes twice.
  [[nodiscard]] static policy::Result<Parameters> parse(std::string_view encoded);

  /// The value of this name, which may be empty.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

  [[nodiscard]] const Fields& all() const { return fields_; }

 private:
  Fields fields_;
};

/// `kInvalidInput` for a broken escape. A plus is a space in a form and a query only.
[[nodiscard]] policy::Result<std::string> percent_decoded(std::string_view text,
                                                          bool plus_is_space);

/// All but unreserved characters, `$`, comma and apostrophe escaped.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// The parts between the slashes, percent-decoded; `kInvalidInput` for a broken escape.
[[nodiscard]] policy::Result<std::vector<std::string>> path_segments(std::string_view path);

/// ASCII letters in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

/// The pieces between the separators, spaces around them removed.
[[nodiscard]] std::vector<std::string> split_trimmed(std::string_view text, char separator);

/// Without the spaces around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace tests::microsoft
