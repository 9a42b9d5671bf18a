// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event_spool.hpp"

#include <gtest/gtest.h>

namespace leakcheck::oracle {
namespace {

Event make_event(int number, std::size_t pages) {
    Event event;
    event.process = ProcessId{7};
    event.tid = number;
    event.stack = StackId{1000u + static_cast<unsigned>(number)};
    event.registers[ORACLE_RSP] = 0x1000;
    for (std::size_t i = 0; i < pages; ++i) {
        Page& page = event.pages.emplace_back();
        page.address = 0x1000 * (i + 1);
        page.bytes.fill(static_cast<std::uint8_t>(i + 1));
    }
    return event;
}

TEST(EventSpool, GivesBackWhatWasPutIn) {
    EventSpool spool;
    for (int i = 0; i < 3; ++i) spool.add(make_event(i, static_cast<std::size_t>(i)));
    int number = 0;
    spool.for_each([&](const Event& event) {
        EXPECT_EQ(event.tid, number);
        EXPECT_EQ(event.stack, StackId{1000u + static_cast<unsigned>(number)});
        EXPECT_EQ(event.registers[ORACLE_RSP], 0x1000u);
        ASSERT_EQ(event.pages.size(), static_cast<std::size_t>(number));
        ++number;
    });
    EXPECT_EQ(number, 3);
}

TEST(Event, ReadsWordsAcrossPages) {
    const Event event = make_event(0, 2);
    EXPECT_EQ(event.read(0x1008), 0x0101010101010101u);
    EXPECT_EQ(event.read(0x1ffc), 0x0202020201010101u);
    EXPECT_EQ(event.read(0x2ff8), 0x0202020202020202u);
    EXPECT_EQ(event.read(0x2ffc), std::nullopt);
    EXPECT_EQ(event.read(0xff8), std::nullopt);
}

}  // namespace
}  // namespace leakcheck::oracle
