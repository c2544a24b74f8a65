// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/unix_client.h"
#include "directory/settings.h"
#include "policy/exit_status.h"

#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What an admin command is given besides its name.
struct AdminOptions {
  std::vector<std::string> arguments;  ///< those without a dash, in their order
  /// Options by name without dashes: those that take no value have an empty one.
  std::map<std::string, std::vector<std::string>, std::less<>> values;

  [[nodiscard]] bool has(std::string_view name) const { return values.contains(name); }

  /// The first value of the option; empty if it is not there.
  [[nodiscard]] std::string value(std::string_view name) const;
};

/// A conversation with the running daemon. What goes wrong is written to standard error, and
/// decides how the program exits.
class AdminSession {
 public:
  /// `settings` must outlive the session. `config` is what the command line says.
  AdminSession(const Settings& settings, std::filesystem::path config);

  /// The body of the answer, which is JSON; nothing if the daemon refuses or does not answer.
  [[nodiscard]] std::optional<std::string> get(const std::string& target);
  [[nodiscard]] std::optional<std::string> send(const std::string& method,
                                                const std::string& target,
                                                const std::string& body = "");

  /// Says why the command fails and keeps how to exit.
  void fail(policy::ExitStatus status, const std::string& text);

  /// How the command ends so far.
  [[nodiscard]] policy::ExitStatus status() const { return status_; }

  [[nodiscard]] const Settings& settings() const { return *settings_; }

  /// `pointer` of the last refusal: which field of the request is at fault.
  [[nodiscard]] const std::string& refused_field() const { return refused_field_; }

 private:
  void refuse(unsigned status, const std::string& body);

  const Settings* settings_;
  std::filesystem::path config_;
  UnixClient client_;
  policy::ExitStatus status_ = policy::ExitStatus::kDone;
  std::string refused_field_;
};

/// The path below /api/v1 made of these parts, each percent-encoded.
[[nodiscard]] std::string api_path(const std::vector<std::string>& parts);

/// `target`, a path with or without a query, with one more parameter, whose value is
/// percent-encoded.
[[nodiscard]] std::string with_parameter(std::string target,
                                         std::string_view key,
                                         std::string_view value);

/// `target` with those of the options `names` that are given, as parameters of the same names.
[[nodiscard]] std::string with_options(std::string target,
                                       const AdminOptions& options,
                                       std::span<const std::string_view> names);
[[nodiscard]] std::string with_options(std::string target,
                                       const AdminOptions& options,
                                       std::initializer_list<std::string_view> names);

}  // namespace directory
