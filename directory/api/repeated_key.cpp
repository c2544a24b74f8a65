// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/repeated_key.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/string_view.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using boost::system::error_code;

// Told by the parser what it reads; false ends the reading. The parser gives the names.
struct KeyHandler {
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
  // NOLINTEND(readability-identifier-naming)

  std::vector<std::set<std::string, std::less<>>> objects;  // that are open: their names so far
  std::string key;                                          // the part of it that was read
  std::optional<std::string> repeated;

  bool on_object_begin(error_code& /*error*/) {
    objects.emplace_back();
    return true;
  }

  bool on_object_end(std::size_t /*count*/, error_code& /*error*/) {
    objects.pop_back();
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t /*count*/, error_code& /*error*/) {
    key.append(part.data(), part.size());
    return true;
  }

  bool on_key(json::string_view part, std::size_t /*count*/, error_code& error) {
    key.append(part.data(), part.size());
    if (!objects.back().insert(key).second) {
      repeated = std::move(key);
      error = json::error::extra_data;
      return false;
    }
    key.clear();
    return true;
  }

  static bool on_document_begin(error_code& /*error*/) { return true; }

  static bool on_document_end(error_code& /*error*/) { return true; }

  static bool on_array_begin(error_code& /*error*/) { return true; }

  static bool on_array_end(std::size_t /*count*/, error_code& /*error*/) { return true; }

  static bool on_string_part(json::string_view /*part*/,
                             std::size_t /*count*/,
                             error_code& /*error*/) {
    return true;
  }

  static bool on_string(json::string_view /*part*/, std::size_t /*count*/, error_code& /*error*/) {
    return true;
  }

  static bool on_number_part(json::string_view /*part*/, error_code& /*error*/) { return true; }

  static bool on_int64(std::int64_t /*number*/, json::string_view /*part*/, error_code& /*error*/) {
    return true;
  }

  static bool on_uint64(std::uint64_t /*number*/,
                        json::string_view /*part*/,
                        error_code& /*error*/) {
    return true;
  }

  static bool on_double(double /*number*/, json::string_view /*part*/, error_code& /*error*/) {
    return true;
  }

  static bool on_bool(bool /*value*/, error_code& /*error*/) { return true; }

  static bool on_null(error_code& /*error*/) { return true; }

  static bool on_comment_part(json::string_view /*part*/, error_code& /*error*/) { return true; }

  static bool on_comment(json::string_view /*part*/, error_code& /*error*/) { return true; }
};

}  // namespace

std::optional<std::string> find_repeated_key(std::string_view text) {
  json::basic_parser<KeyHandler> parser{json::parse_options{}};
  error_code error;
  parser.write_some(false, text.data(), text.size(), error);
  return std::move(parser.handler().repeated);
}

}  // namespace directory
