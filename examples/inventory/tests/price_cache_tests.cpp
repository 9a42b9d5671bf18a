// SPDX-License-Identifier: Apache-2.0
#include "inventory/price_cache.hpp"

#include <gtest/gtest.h>

namespace {

TEST(PriceCache, FindsWhatWasPut) {
    inventory::PriceCache cache;
    cache.put(7, 35);
    EXPECT_EQ(cache.find(7), 35);
}

TEST(PriceCache, DoesNotFindOthers) {
    EXPECT_EQ(inventory::PriceCache().find(7), -1);
}

// Leaks 72 bytes in 2 blocks: the list and its three elements.
TEST(PriceCache, ListsAllPrices) {
    inventory::PriceCache cache;
    cache.put(7, 35);
    cache.put(3, 120);
    cache.put(5, 80);
    const auto* prices = cache.list();
    ASSERT_EQ(prices->size(), 3u);
    EXPECT_EQ(prices->front().item, 3);
}

}  // namespace
