// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

// Records are JSON objects. One function template names the members of a record; given a
// `FieldWriter` it writes them, given a `FieldReader` it reads them. What is empty, zero or false
// is not written, and what is absent leaves a value as it is: fields can be added later.

/// Makes the JSON text of a record.
class FieldWriter {
 public:
  FieldWriter();
  FieldWriter(const FieldWriter&) = delete;
  FieldWriter& operator=(const FieldWriter&) = delete;
  FieldWriter(FieldWriter&&) = delete;
  FieldWriter& operator=(FieldWriter&&) = delete;
  ~FieldWriter();

  void text(std::string_view name, std::string_view value);
  void texts(std::string_view name, const std::vector<std::string>& values);

  template <std::integral Number>
  void number(std::string_view name, Number value) {
    put_number(name, static_cast<std::int64_t>(value));
  }

  /// `usual` is what the field is in a new record; it is not written.
  void flag(std::string_view name, bool value, bool usual = false);

  /// An enumeration whose values are letters.
  template <typename Letter>
  void letter(std::string_view name, Letter value, std::string_view /*letters*/) {
    const char octet = static_cast<char>(value);
    text(name, std::string_view{&octet, 1});
  }

  [[nodiscard]] std::string finish() const;

 private:
  void put_number(std::string_view name, std::int64_t value);

  struct State;
  std::unique_ptr<State> state_;
};

/// Reads the JSON text of a record. A member of the wrong type makes it fail for good.
class FieldReader {
 public:
  explicit FieldReader(std::string_view record);
  FieldReader(const FieldReader&) = delete;
  FieldReader& operator=(const FieldReader&) = delete;
  FieldReader(FieldReader&&) = delete;
  FieldReader& operator=(FieldReader&&) = delete;
  ~FieldReader();

  void text(std::string_view name, std::string& value);
  void texts(std::string_view name, std::vector<std::string>& values);

  template <std::integral Number>
  void number(std::string_view name, Number& value) {
    auto read = static_cast<std::int64_t>(value);
    get_number(name, read);
    value = static_cast<Number>(read);
  }

  void flag(std::string_view name, bool& value, bool usual = false);

  /// A letter that is not one of `letters` leaves the value as it is.
  template <typename Letter>
  void letter(std::string_view name, Letter& value, std::string_view letters) {
    std::string read;
    text(name, read);
    if (read.size() == 1 && letters.find(read.front()) != std::string_view::npos) {
      value = static_cast<Letter>(read.front());
    }
  }

  /// `kInvalidInput` with what to do if this is no record or a member has the wrong type.
  [[nodiscard]] policy::Result<void> status() const;

 private:
  void get_number(std::string_view name, std::int64_t& value);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory
