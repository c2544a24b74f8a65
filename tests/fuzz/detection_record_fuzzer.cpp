// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "tests/fuzz/check.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  // What is read is within the bounds, and is read again as it was written.
  if (const auto read = policy::decode_detection(text); read.has_value()) {
    const std::string encoded = encode_detection(*read);
    check(encoded.size() <= policy::kMostEncodedOctets);
    check(policy::decode_detection(encoded) == *read);
  }
  // Whatever a message says, its record can be read.
  policy::DetectionRecord record;
  record.organization = "contoso";
  record.finding = "protected_name";
  record.from = text;
  record.shown = {std::string{text}};
  check(policy::decode_detection(encode_detection(record)).has_value());
  if (const auto id = policy::Ulid::parse(text); id.has_value()) {
    check(policy::Ulid::parse(id->text()) == *id);
  }
  return 0;
}
