// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/console/console_assets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace directory {
namespace {

TEST(ConsoleAssets, ThePageNamesAssetsThatAreThere) {
  const ConsoleAsset* page = find_console_asset("/index.html");
  ASSERT_NE(page, nullptr);
  EXPECT_FALSE(page->is_immutable);
  for (const ConsoleAsset& asset : console_assets()) {
    EXPECT_FALSE(asset.plain.empty());
    EXPECT_LT(asset.brotli.size(), asset.plain.size());
    EXPECT_LT(asset.gzip.size(), asset.plain.size());
    const bool is_named =
        page->plain.find("\"" + std::string{asset.path} + "\"") != std::string_view::npos;
    EXPECT_TRUE(is_named || asset.path == "/index.html") << asset.path;
  }
  EXPECT_TRUE(std::ranges::any_of(console_assets(), &ConsoleAsset::is_immutable));
}

TEST(ConsoleAssets, APathIsMatchedWhole) {
  EXPECT_EQ(find_console_asset(""), nullptr);
  EXPECT_EQ(find_console_asset("/"), nullptr);
  EXPECT_EQ(find_console_asset("/index.html?"), nullptr);
  EXPECT_EQ(find_console_asset("index.html"), nullptr);
}

struct Accepted {
  std::string_view field;
  ContentCoding coding;
};

TEST(ConsoleAssets, TheBestAcceptedCodingIsChosen) {
  for (const Accepted& each : {Accepted{"", ContentCoding::kIdentity},
                               Accepted{"gzip, deflate, br, zstd", ContentCoding::kBrotli},
                               Accepted{"br;q=0, gzip", ContentCoding::kGzip},
                               Accepted{"br; q=0.000 , gzip;q=0.5", ContentCoding::kGzip},
                               Accepted{"gzip;q=0,\tbr;q=0.1", ContentCoding::kBrotli},
                               Accepted{"gzip;q=0", ContentCoding::kIdentity},
                               Accepted{"*", ContentCoding::kIdentity},
                               Accepted{"xbr, brx, ,,;q=1", ContentCoding::kIdentity}}) {
    EXPECT_EQ(choose_coding(each.field), each.coding) << each.field;
  }
}

}  // namespace
}  // namespace directory
