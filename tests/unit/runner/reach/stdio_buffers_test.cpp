// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/stdio_buffers.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runner/reach/fake_memory.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t data = 0x7f0000000000;
constexpr std::uint64_t heap = 0x550000000000;
constexpr std::uint64_t flags = 0xfbad2088;

class StdioBuffersTest : public testing::Test {
  protected:
    void put_stream(std::uint64_t address, std::uint64_t start, std::uint64_t end,
                    std::uint64_t next) {
        memory_.put(address, flags);
        memory_.put(address + 56, start);
        memory_.put(address + 64, end);
        memory_.put(address + 104, next);
    }

    AddressRanges buffers(const std::string& library = "/usr/lib/libc.so.6") {
        ProcessMap map;
        map.start = data;
        map.end = data + 8192;
        map.path = library;
        map.inode = 1;
        map.readable = map.writable = true;
        return stdio_buffers({map}, LiveBlockIndex(blocks_), memory_);
    }

    test::FakeMemory memory_;
    LiveBlocks blocks_;
};

TEST_F(StdioBuffersTest, OfTheLibrarysOwnStreams) {
    put_stream(data + 512, heap, heap + 4096, data + 1024);
    put_stream(data + 1024, 0, 0, 0);
    EXPECT_EQ(buffers(), (AddressRanges{{heap, heap + 4096}}));
}

TEST_F(StdioBuffersTest, OfStreamsThatTheProgramHasOpened) {
    blocks_ = {{heap, 552}, {heap + 1024, 552}};
    memory_.put(data + 64, heap);  // the list's beginning
    put_stream(heap, heap + 4096, heap + 8192, heap + 1024);
    put_stream(heap + 1024, heap + 16384, heap + 20480, 0);
    EXPECT_EQ(buffers(), (AddressRanges{{heap + 4096, heap + 8192}, {heap + 16384, heap + 20480}}));
}

TEST_F(StdioBuffersTest, AListThatBitesItsTailEnds) {
    put_stream(data + 512, heap, heap + 4096, data + 512);
    EXPECT_EQ(buffers(), (AddressRanges{{heap, heap + 4096}}));
}

TEST_F(StdioBuffersTest, NotInOtherLibraries) {
    put_stream(data + 512, heap, heap + 4096, 0);
    EXPECT_EQ(buffers("/usr/lib/libother.so"), AddressRanges{});
}

}  // namespace
}  // namespace leakcheck::reach
