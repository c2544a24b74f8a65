// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {

/// The members of a JSON object, each to be read once; what is left over is a mistake of the test.
/// Values of the wrong kind throw std::exception.
class ControlFields {
 public:
  explicit ControlFields(json::object fields) : fields_(std::move(fields)) {}

  [[nodiscard]] std::optional<json::value> value(std::string_view name);
  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
  [[nodiscard]] std::optional<bool> flag(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name);
  [[nodiscard]] std::optional<double> share(std::string_view name);

  /// Sets the target if the field is there.
  void count(std::string_view name, std::size_t& target);

  /// Throws std::invalid_argument if a field was not read.
  void must_be_empty() const;

 private:
  json::object fields_;
};

}  // namespace tests::microsoft
