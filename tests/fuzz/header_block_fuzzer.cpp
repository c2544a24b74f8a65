// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/header_block.h"
#include "tests/fuzz/check.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view block = fuzz_input(data, size);
  const gateway::HeaderBlock read = gateway::parse_header_block(block);
  check(read.size <= block.size());
  const char* last = block.data();
  for (const gateway::HeaderField& field : read.fields) {
    check(!field.name.empty() && field.name.find(':') == std::string_view::npos);
    check(field.name.data() >= last);
    check(field.value.data() > field.name.data());
    last = field.value.data() + field.value.size();
    check(last <= block.data() + read.size);
    static_cast<void>(gateway::sender_field_name(field.name));
  }
  return 0;
}
