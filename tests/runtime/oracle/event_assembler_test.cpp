// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event_assembler.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/runtime/oracle/record_spool.hpp"

namespace leakcheck::oracle {
namespace {

oracle_page page_record(std::uint32_t tid, std::uint64_t address, std::uint8_t byte) {
    oracle_page record{};
    record.kind = ORACLE_PAGE;
    record.tid = tid;
    record.address = address;
    std::memset(record.bytes, byte, sizeof(record.bytes));
    return record;
}

oracle_event event_record(std::uint32_t tid, std::uint32_t pages, std::uint64_t stack) {
    oracle_event record{};
    record.kind = ORACLE_EVENT;
    record.tid = tid;
    record.pages = pages;
    record.stack = stack;
    record.registers[ORACLE_RSP] = 0x1000;
    return record;
}

class EventAssemblerTest : public testing::Test {
  protected:
    template <typename Record>
    void add(const Record& record) {
        assembler_.add(&record, sizeof(record));
    }
    std::vector<Event> events_;

  private:
    EventAssembler assembler_{[this](const Event& event) { events_.push_back(event); }};
};

TEST_F(EventAssemblerTest, TellsThreadsApart) {
    add(page_record(1, 0x1000, 0xaa));
    add(page_record(2, 0x5000, 0xbb));
    add(page_record(1, 0x2000, 0xcc));
    add(event_record(2, 1, 20));
    add(event_record(1, 2, 10));
    ASSERT_EQ(events_.size(), 2u);
    EXPECT_EQ(events_[0].stack, StackId{20});
    EXPECT_EQ(events_[0].read(0x5008), 0xbbbbbbbbbbbbbbbbu);
    EXPECT_EQ(events_[1].stack, StackId{10});
    EXPECT_EQ(events_[1].registers[ORACLE_RSP], 0x1000u);
    EXPECT_EQ(events_[1].pages.size(), 2u);
}

TEST_F(EventAssemblerTest, DropsPagesOfAnEventThatWasLost) {
    add(page_record(1, 0x1000, 0xaa));
    add(page_record(1, 0x1000, 0xbb));
    add(event_record(1, 1, 10));
    ASSERT_EQ(events_.size(), 1u);
    EXPECT_EQ(events_[0].read(0x1000), 0xbbbbbbbbbbbbbbbbu);
}

TEST_F(EventAssemblerTest, LeavesOutEventsThatAreNotWhole) {
    oracle_event lost = event_record(1, 1, 10);
    lost.lost = 1;
    add(page_record(1, 0x1000, 0xaa));
    add(lost);
    add(event_record(1, 1, 11));
    EXPECT_TRUE(events_.empty());
}

TEST_F(EventAssemblerTest, EventsReadWordsAcrossPages) {
    add(page_record(1, 0x1000, 1));
    add(page_record(1, 0x2000, 2));
    add(event_record(1, 2, 10));
    ASSERT_EQ(events_.size(), 1u);
    EXPECT_EQ(events_[0].read(0x1008), 0x0101010101010101u);
    EXPECT_EQ(events_[0].read(0x1ffc), 0x0202020201010101u);
    EXPECT_EQ(events_[0].read(0x2ff8), 0x0202020202020202u);
    EXPECT_EQ(events_[0].read(0x2ffc), std::nullopt);
    EXPECT_EQ(events_[0].read(0xff8), std::nullopt);
}

TEST(RecordSpool, GivesBackWhatWasPutIn) {
    RecordSpool spool;
    const std::vector<std::string> records{"one", "two", std::string(100'000, 'x')};
    for (const std::string& record : records) spool.add(record.data(), record.size());
    std::vector<std::string> again;
    spool.for_each([&](const void* record, std::size_t size) {
        again.emplace_back(static_cast<const char*>(record), size);
    });
    EXPECT_EQ(again, records);
}

}  // namespace
}  // namespace leakcheck::oracle
