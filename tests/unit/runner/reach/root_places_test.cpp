// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/root_places.hpp"

#include <gtest/gtest.h>

namespace leakcheck::reach {
namespace {

RootPlaces some_places() {
    RootPlaces places;
    places.add_thread(77, true);
    places.add_thread(78, false);
    places.add({RootKind::stack, {0x7000, 0x8000}, 0, 78, ""});
    places.add({RootKind::static_data, {0x555500000000, 0x555500010000}, 0x400000, 0, "/bin/a"});
    places.add({RootKind::memory, {0x555500000000, 0x555500020000}, 0x555500000000, 0, "/bin/a"});
    return places;
}

TEST(RootPlaces, AThreadsIdIsThatOfItsRegisters) {
    const HoldingRoot root = some_places().describe(77);
    EXPECT_EQ(root.kind, RootKind::registers);
    EXPECT_EQ(root.thread, 77u);
    EXPECT_TRUE(root.is_main_thread);
    EXPECT_EQ(root.address, 0u);
}

TEST(RootPlaces, AStackIsItsThreads) {
    const HoldingRoot root = some_places().describe(0x7ff8);
    EXPECT_EQ(root.kind, RootKind::stack);
    EXPECT_EQ(root.thread, 78u);
    EXPECT_FALSE(root.is_main_thread);
    EXPECT_EQ(root.address, 0x7ff8u);
}

TEST(RootPlaces, AnObjectHasAddressesOfItsOwn) {
    const HoldingRoot root = some_places().describe(0x555500005010);
    EXPECT_EQ(root.kind, RootKind::static_data);
    EXPECT_EQ(root.object, "/bin/a");
    EXPECT_EQ(root.object_address, 0x405010u);
    EXPECT_EQ(root.thread, 0u);
}

TEST(RootPlaces, WhatWasAddedFirstHidesTheRest) {
    EXPECT_EQ(some_places().describe(0x55550001ff00).kind, RootKind::memory);
    EXPECT_EQ(some_places().describe(0x55550000ff00).kind, RootKind::static_data);
}

TEST(RootPlaces, WhatNobodyHasAddedIsMemory) {
    const HoldingRoot root = some_places().describe(0x9000);
    EXPECT_EQ(root.kind, RootKind::memory);
    EXPECT_EQ(root.object, "");
    EXPECT_EQ(root.address, 0x9000u);
}

}  // namespace
}  // namespace leakcheck::reach
