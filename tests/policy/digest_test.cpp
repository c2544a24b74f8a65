// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/digest.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

// The examples of FIPS 180-4.
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, GivesTheKnownDigests) {
  EXPECT_EQ(sha256_hex(""), kEmpty);
  EXPECT_EQ(sha256_hex("abc"), kAbc);
}

TEST(Sha256, DependsOnTheOctetsNotOnThePieces) {
  Sha256 sha256;
  sha256.update("a");
  sha256.update("");
  sha256.update("bc");
  EXPECT_EQ(sha256.hex(), kAbc);
}

TEST(Sha256, GoesOnAfterItWasAsked) {
  Sha256 sha256;
  EXPECT_EQ(sha256.hex(), kEmpty);
  sha256.update("abc");
  EXPECT_EQ(sha256.hex(), kAbc);
  EXPECT_EQ(sha256.hex(), kAbc);
}

}  // namespace
}  // namespace policy
