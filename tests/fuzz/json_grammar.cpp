// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

// All values of a document, those that hold others before what they hold.
void list_values(boost::json::value& value, std::vector<boost::json::value*>& all) {
  all.push_back(&value);
  if (auto* const object = value.if_object(); object != nullptr) {
    for (auto& member : *object) {
      list_values(member.value(), all);
    }
  } else if (auto* const array = value.if_array(); array != nullptr) {
    for (auto& item : *array) {
      list_values(item, all);
    }
  }
}

// Gives the object one more member, or the value another kind.
void change_value(boost::json::value& value,
                  const boost::json::value& other,
                  std::string_view piece,
                  unsigned how) {
  auto* const object = value.if_object();
  auto* const array = value.if_array();
  if (object != nullptr && how % 4 != 0) {
    (*object)[piece] = other;
  } else if (array != nullptr && how % 4 != 0) {
    array->push_back(other);
  } else {
    switch (how / 4 % 6) {
      case 0: value = nullptr; break;
      case 1: value = piece; break;
      case 2: value = static_cast<std::int64_t>(how) * 1'000'003; break;
      case 3: value = boost::json::array{piece}; break;
      case 4: value = true; break;
      default: value = other; break;
    }
  }
}

// Keeps the structure of what follows the first empty line alive where it is JSON: half of the
// time a value of it is changed, or copied to another place. Else like `mutate_by_pieces`.
std::size_t mutate_json(std::span<std::uint8_t> buffer,
                        std::size_t size,
                        unsigned int seed,
                        std::span<const std::string_view> pieces) {
  std::minstd_rand chance{seed};
  std::string text{fuzz_input(buffer.data(), size)};
  const std::size_t end = text.find("\n\n");
  const std::size_t begin = end == std::string::npos ? 0 : end + 2;
  boost::system::error_code error;
  boost::json::value root = boost::json::parse(std::string_view{text}.substr(begin), error);
  if (error || chance() % 2 == 0) {
    return mutate_by_pieces(buffer, size, seed, pieces);
  }
  std::vector<boost::json::value*> all;
  list_values(root, all);
  const boost::json::value other = *all[chance() % all.size()];
  change_value(*all[chance() % all.size()],
               other,
               pieces[chance() % pieces.size()],
               static_cast<unsigned>(chance()));
  text.replace(begin, std::string::npos, boost::json::serialize(root));
  const std::size_t kept = std::min(text.size(), buffer.size());
  std::copy_n(text.begin(), kept, buffer.begin());
  return kept;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                               std::size_t size,
                                               std::size_t max_size,
                                               unsigned int seed) {
  return mutate_json({data, max_size}, size, seed, kGrammar);
}
