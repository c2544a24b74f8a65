// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/fields.h"

#include "directory/store/damage.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

namespace json = boost::json;

struct FieldWriter::State {
  json::object object;
};

FieldWriter::FieldWriter() : state_(std::make_unique<State>()) {}

FieldWriter::~FieldWriter() = default;

void FieldWriter::text(std::string_view name, std::string_view value) {
  if (!value.empty()) {
    state_->object.emplace(name, value);
  }
}

void FieldWriter::texts(std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) {
    return;
  }
  json::array array;
  array.reserve(values.size());
  for (const std::string& value : values) {
    array.emplace_back(value);
  }
  state_->object.emplace(name, std::move(array));
}

void FieldWriter::flag(std::string_view name, bool value, bool usual) {
  if (value != usual) {
    state_->object.emplace(name, value);
  }
}

void FieldWriter::put_number(std::string_view name, std::int64_t value) {
  if (value != 0) {
    state_->object.emplace(name, value);
  }
}

std::string FieldWriter::finish() const {
  return json::serialize(state_->object);
}

struct FieldReader::State {
  json::value record;
  bool is_damaged = false;

  [[nodiscard]] const json::value* find(std::string_view name) const {
    const json::object* const object = record.if_object();
    return object == nullptr ? nullptr : object->if_contains(name);
  }
};

FieldReader::FieldReader(std::string_view record) : state_(std::make_unique<State>()) {
  // What was written is read back, whatever octets a source has given us.
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  state_->record = json::parse(record, error, {}, options);
  state_->is_damaged = error.failed() || !state_->record.is_object();
}

FieldReader::~FieldReader() = default;

void FieldReader::text(std::string_view name, std::string& value) {
  const json::value* const found = state_->find(name);
  if (found == nullptr) {
    return;
  }
  const json::string* const text = found->if_string();
  if (text == nullptr) {
    state_->is_damaged = true;
    return;
  }
  value.assign(text->data(), text->size());
}

void FieldReader::texts(std::string_view name, std::vector<std::string>& values) {
  const json::value* const found = state_->find(name);
  if (found == nullptr) {
    return;
  }
  const json::array* const array = found->if_array();
  if (array == nullptr) {
    state_->is_damaged = true;
    return;
  }
  values.clear();
  for (const json::value& item : *array) {
    const json::string* const text = item.if_string();
    if (text == nullptr) {
      state_->is_damaged = true;
      return;
    }
    values.emplace_back(text->data(), text->size());
  }
}

void FieldReader::flag(std::string_view name, bool& value, bool /*usual*/) {
  const json::value* const found = state_->find(name);
  if (found == nullptr) {
    return;
  }
  const bool* const flag = found->if_bool();
  state_->is_damaged = state_->is_damaged || flag == nullptr;
  value = flag == nullptr ? value : *flag;
}

void FieldReader::get_number(std::string_view name, std::int64_t& value) {
  const json::value* const found = state_->find(name);
  if (found == nullptr) {
    return;
  }
  boost::system::error_code error;
  const auto read = found->to_number<std::int64_t>(error);
  state_->is_damaged = state_->is_damaged || error.failed();
  value = error.failed() ? value : read;
}

policy::Result<void> FieldReader::status() const {
  if (state_->is_damaged) {
    return damaged("a record of the state database cannot be read");
  }
  return {};
}

}  // namespace directory
