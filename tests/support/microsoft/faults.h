// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {

enum class FaultKind : std::uint8_t {
  kStatus,              ///< an error of this status instead of an answer
  kResetBefore,         ///< the connection is reset instead of an answer
  kResetInBody,         ///< it is reset after half of the body
  kTruncatedJson,       ///< half of the body, with a Content-Length that fits the half
  kSlowBody,            ///< the body comes in small pieces
  kHtml,                ///< 200 with a page for people
  kForeignLink,         ///< a next link that leads to another host
  kRedirect,            ///< 302 to another host
  kNulBody,             ///< 403 with a body that is one zero octet
  kSlow,                ///< the answer comes after a pause
  kAppliedThenError,    ///< the request is carried out; then an error, or a reset
  kRefusedConcurrency,  ///< Exchange's refusal of a second request at a time
  kErrorType,           ///< an error of Exchange's
  kErrorBody,           ///< 200 with an error for a body
  kWrongType,           ///< the answer, said to be text
  kLinkLoop,            ///< a next link that leads to the page that it is on
  kNoItems,             ///< the page, with nothing on it
};

/// Something that goes wrong with the next requests of a kind.
struct Fault {
  FaultKind kind = FaultKind::kStatus;
  std::string path_prefix = "/";
  std::string cmdlet;  ///< only requests for it; empty for any
  unsigned status = 503;
  bool resets = false;  ///< the connection, instead of an error after what was carried out
  std::string error;    ///< `NUMBER|TYPE|TEXT` of an error of Exchange's
  std::optional<std::string> retry_after;
  std::size_t skipped = 0;    ///< so many requests go well before
  std::size_t remaining = 1;  ///< requests that it befalls
  std::chrono::milliseconds pause{5};
  std::string host;  ///< origin of a foreign link or redirect; empty for that of Exchange
};

/// The faults that are to come, in the order in which they were asked for.
class Faults {
 public:
  void add(Fault fault) { faults_.push_back(std::move(fault)); }

  void clear() { faults_.clear(); }

  /// The fault that befalls a request to this path for this cmdlet, which uses it up once.
  [[nodiscard]] std::optional<Fault> take(std::string_view path, std::string_view cmdlet);

 private:
  std::vector<Fault> faults_;
};

/// Refuses requests for being too many.
class Throttle {
 public:
  struct Settings {
    std::size_t every = 0;       ///< each so-manieth request is refused; 0 for none
    std::size_t next = 0;        ///< so many of the next requests are refused
    std::size_t next_parts = 0;  ///< so many of the next parts of a batch are refused
    unsigned status = 429;
    std::optional<std::string> retry_after = "0.02";  ///< seconds; no field if there is no value
    std::string path_prefix = "/v1.0/";
  };

  void set(Settings settings) { settings_ = std::move(settings); }

  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// Whether this request is refused.
  [[nodiscard]] bool refuses(std::string_view path);

  /// Whether this part of a batch is refused.
  [[nodiscard]] bool refuses_part();

 private:
  Settings settings_;
  std::size_t seen_ = 0;
};

/// The kind by its name in the control API (`status`, `reset_before` ...).
[[nodiscard]] std::optional<FaultKind> fault_named(std::string_view name);

/// The status that an error of this kind has if the test names none.
[[nodiscard]] unsigned usual_status(FaultKind kind);

/// Whether the request is not even looked at.
[[nodiscard]] bool is_instead_of_answer(FaultKind kind);

/// Where a spoilt answer may lead.
struct FaultLinks {
  std::string other_host;  ///< an origin that is not the one asked
  std::string itself;      ///< the address that was asked
};

/// What becomes of the response to a request that this fault befalls.
[[nodiscard]] Response spoilt(Response response, const Fault& fault, const FaultLinks& links);

}  // namespace tests::microsoft
