// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/digest.h"
#include "policy/snapshot/generation_files.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/records.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

// There is one way to write a record: what is read is written as the same octets.
void read_record(char kind, std::string_view value) {
  switch (kind) {
    case 'a':
    case 'n':
      if (const auto read = policy::decode_postings(value); read.has_value()) {
        check(policy::encode_postings(*read) == value);
      }
      break;
    case 's':
      if (const auto read = policy::decode_spellings(value); read.has_value()) {
        check(policy::encode_spellings(*read) == value);
      }
      break;
    case 'o':
      if (const auto read = policy::decode_organization(value); read.has_value()) {
        check(policy::encode_organization(*read) == value);
      }
      break;
    case 'p':
      if (const auto read = policy::decode_person(value); read.has_value()) {
        const std::string again = policy::encode_person(*read);
        const auto second = policy::decode_person(again);
        check(again.size() <= value.size() && second.has_value() && *second == *read);
      }
      break;
    default: break;
  }
}

// A manifest is believed with its checksum alone; what is believed is written as it was read.
void read_manifest(std::string_view line) {
  check(!policy::decode_manifest(line).has_value());
  const std::string text = std::string{line} + "\nsha256 " + policy::sha256_hex(line) + "\n";
  const auto read = policy::decode_manifest(text);
  if (!read.has_value()) {
    check(!read.error().message.empty());
    return;
  }
  check(read->generation > 0 && read->organizations.size() == read->records.organizations);
  const auto again = policy::decode_manifest(policy::encode_manifest(*read));
  check(again.has_value() && *again == *read);
}

constexpr auto kPieces =
    joined(kPiecesOfJson,
           std::to_array<std::string_view>(
               {"p",
                "o",
                "s",
                "a",
                "n",
                "format",
                "fromguard-generation",
                "schema",
                "generation",
                "name_keys",
                "published",
                "records",
                "addresses",
                "names",
                "organizations",
                "people",
                "spellings",
                "content_sha256",
                "name",
                "sources",
                "organization",
                "directory",
                "synced",
                "files",
                "size",
                "sha256",
                "sentinels",
                "key",
                "616263",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "generation-1",
                "generation-01",
                "18446744073709551616",
                "\x80\x80\x80\x80\x10",
                "\xFF\xFF\xFF\xFF\x0F",
                "\x01\x01"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

// A record is the kind and the value; a text that begins with a brace is the line of a manifest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets = fuzz_input(data, size);
  if (octets.empty()) {
    return 0;
  }
  if (octets.starts_with('{')) {
    read_manifest(octets);
  } else {
    read_record(octets.front(), octets.substr(1));
  }
  if (const auto number = policy::parse_generation_folder_name(octets); number.has_value()) {
    check(policy::generation_folder_name(*number) == octets);
  }
  return 0;
}
