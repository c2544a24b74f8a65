// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// The fields of a JSON object that came with a request. Each read makes its field known; the first
/// thing that is wrong is kept, and `finish` gives it, or names a field that nobody asked for.
class RequestFields {
 public:
  /// An empty body reads as an object without fields.
  [[nodiscard]] static std::expected<RequestFields, Problem> parse(std::string_view body);

  RequestFields(RequestFields&& other) noexcept;
  RequestFields& operator=(RequestFields&& other) noexcept;
  RequestFields(const RequestFields&) = delete;
  RequestFields& operator=(const RequestFields&) = delete;
  ~RequestFields();

  /// Absent if the field is not there or null.
  std::optional<std::string> text(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> number(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name);

  /// Visits each object of a list of objects, whose fields are finished afterwards.
  void for_each_object(std::string_view name, const std::function<void(RequestFields&)>& visit);

  /// Whether the field is there and null.
  [[nodiscard]] bool is_null(std::string_view name);

  /// Reports the field as missing if it is not there.
  void require(std::string_view name);

  /// Makes every field but those asked for known, and gives the object without the latter, as JSON.
  [[nodiscard]] std::string rest();

  [[nodiscard]] std::expected<void, Problem> finish();

 private:
  struct State;
  explicit RequestFields(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace directory
