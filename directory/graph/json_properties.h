// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Reads the properties of an object of Graph's, which must outlive it. What is of another type
/// than it should be reads as not there.
class Properties {
 public:
  explicit Properties(const boost::json::value* value)
      : object_(value == nullptr ? nullptr : value->if_object()) {}

  [[nodiscard]] bool is_object() const { return object_ != nullptr; }

  [[nodiscard]] const boost::json::value* find(std::string_view name) const {
    return object_ == nullptr ? nullptr : object_->if_contains(name);
  }

  [[nodiscard]] std::string text(std::string_view name) const;

  [[nodiscard]] std::optional<bool> flag(std::string_view name) const;

  /// In seconds since 1970.
  [[nodiscard]] std::optional<std::int64_t> time(std::string_view name) const;

  [[nodiscard]] Properties object(std::string_view name) const { return Properties{find(name)}; }

  [[nodiscard]] const boost::json::array& list(std::string_view name) const;

  /// Those of a list that are texts.
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

  /// Whether `@odata.type` is this type of Graph's.
  [[nodiscard]] bool is_a(std::string_view type) const;

 private:
  const boost::json::object* object_;
};

/// `kInvalidInput` unless this is a page of a list: `value` is one, and a next link, which must not
/// pass for the end of the list, is text.
[[nodiscard]] policy::Result<void> check_page(const Properties& root);

/// Reads a whole body with a function that takes its root, which is an object.
template <typename T, typename Read>
[[nodiscard]] policy::Result<T> read_body(std::string_view body, Read read) {
  boost::json::monotonic_resource memory;
  boost::system::error_code error;
  const boost::json::value root = boost::json::parse(body, error, &memory);
  if (error || !root.is_object()) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "it is no JSON object");
  }
  return read(Properties{&root});
}

}  // namespace directory
