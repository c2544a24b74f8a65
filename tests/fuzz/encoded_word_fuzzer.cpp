// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/encoded_word.h"
#include "policy/name/charset.h"
#include "tests/fuzz/check.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gateway::WordReading;
  const std::string_view text = fuzz_input(data, size);
  for (const WordReading reading :
       {WordReading::kJoined, WordReading::kSingly, WordReading::kReplacing}) {
    check(policy::is_utf8(gateway::decode_encoded_words(text, reading).text));
  }
  const auto joined = gateway::decode_encoded_words(text);
  if (joined.words == 0) {
    check(joined.text == policy::raw_to_utf8(text));
  }
  if (!joined.has_neighbours) {
    check(joined.text == gateway::decode_encoded_words(text, WordReading::kSingly).text);
  }
  return 0;
}
