// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mailbox_splitter.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kLimit = 200;

// The headers of a file that comes in pieces of this size.
std::vector<gateway::StoredHeader> split(std::string_view file,
                                         gateway::MailFormat format,
                                         std::size_t piece) {
  std::vector<gateway::StoredHeader> headers;
  gateway::MailboxSplitter splitter{format, kLimit, [&](gateway::StoredHeader&& header) {
                                      headers.push_back(std::move(header));
                                    }};
  while (!file.empty()) {
    splitter.feed(file.substr(0, piece));
    file.remove_prefix(std::min(piece, file.size()));
  }
  splitter.finish();
  check(splitter.is_done());
  check(splitter.messages() == headers.size());
  return headers;
}

bool is_same(const gateway::StoredHeader& a, const gateway::StoredHeader& b) {
  return a.octets == b.octets && a.number == b.number && a.is_cut == b.is_cut;
}

}  // namespace

// How a file is cut into pieces must not change what is found in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file = fuzz_input(data, size);
  for (const auto format : {gateway::MailFormat::kMessage,
                            gateway::MailFormat::kMailbox,
                            gateway::MailFormat::kEither}) {
    const auto whole = split(file, format, std::max<std::size_t>(1, size));
    const auto pieces = split(file, format, 1 + size % 7);
    check(std::ranges::equal(whole, pieces, is_same));
    check(format != gateway::MailFormat::kMessage || whole.size() <= 1);
    const char* last = file.data();
    for (const gateway::StoredHeader& header : whole) {
      check(header.octets.size() <= kLimit);
      const std::size_t place =
          file.find(header.octets, static_cast<std::size_t>(last - file.data()));
      check(place != std::string_view::npos);
      last = file.data() + place;
    }
  }
  return 0;
}
