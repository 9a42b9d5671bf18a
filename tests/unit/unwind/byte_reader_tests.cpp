// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/byte_reader.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace leakcheck::unwind {
namespace {

using Bytes = std::vector<std::uint8_t>;

ByteReader reader_of(const Bytes& bytes) {
    return {bytes.data(), bytes.data() + bytes.size()};
}

TEST(ByteReader, ReadsNumbersOfFixedSize) {
    const Bytes bytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07};
    ByteReader reader = reader_of(bytes);
    EXPECT_EQ(reader.byte(), 0x01);
    EXPECT_EQ(reader.fixed<std::uint16_t>(), 0x0302);
    EXPECT_EQ(reader.fixed<std::uint32_t>(), 0x07060504u);
    EXPECT_TRUE(reader.at_end());
    EXPECT_FALSE(reader.failed());
}

TEST(ByteReader, ReadsUnsignedLeb128) {
    const Bytes bytes{0x02, 0x7f, 0x80, 0x01, 0xb9, 0x64};  // the examples of DWARF 5, figure C.1
    ByteReader reader = reader_of(bytes);
    EXPECT_EQ(reader.uleb(), 2u);
    EXPECT_EQ(reader.uleb(), 127u);
    EXPECT_EQ(reader.uleb(), 128u);
    EXPECT_EQ(reader.uleb(), 12857u);
}

TEST(ByteReader, ReadsSignedLeb128) {
    const Bytes bytes{0x02, 0x7e, 0xff, 0x00, 0x81, 0x7f, 0x80, 0x7f};
    ByteReader reader = reader_of(bytes);
    EXPECT_EQ(reader.sleb(), 2);
    EXPECT_EQ(reader.sleb(), -2);
    EXPECT_EQ(reader.sleb(), 127);
    EXPECT_EQ(reader.sleb(), -127);
    EXPECT_EQ(reader.sleb(), -128);
}

TEST(ByteReader, ReadsTheLargestLeb128AndDropsWhatIsMore) {
    const Bytes largest(9, 0xff);
    Bytes bytes = largest;
    bytes.push_back(0x01);
    EXPECT_EQ(reader_of(bytes).uleb(), std::numeric_limits<std::uint64_t>::max());
    bytes.back() = 0x7f;
    EXPECT_EQ(reader_of(bytes).uleb(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(reader_of(bytes).sleb(), -1);
    Bytes padded(40, 0x80);
    padded.push_back(0x00);
    EXPECT_EQ(reader_of(padded).uleb(), 0u);
}

TEST(ByteReader, FailsForGoodAtTheEnd) {
    const Bytes bytes{0x80, 0x80};
    ByteReader leb = reader_of(bytes);
    EXPECT_EQ(leb.uleb(), 0u);
    EXPECT_TRUE(leb.failed());
    ByteReader fixed = reader_of(bytes);
    EXPECT_EQ(fixed.fixed<std::uint32_t>(), 0u);
    EXPECT_TRUE(fixed.failed());
    EXPECT_EQ(fixed.byte(), 0);
    EXPECT_TRUE(fixed.at_end());
}

TEST(ByteReader, HandsOutBlocksAndRefusesThoseThatReachTooFar) {
    const Bytes bytes{1, 2, 3, 4};
    ByteReader reader = reader_of(bytes);
    ByteReader block = reader.block(3);
    EXPECT_EQ(block.left(), 3u);
    EXPECT_EQ(reader.left(), 1u);
    EXPECT_TRUE(reader.block(std::numeric_limits<std::uint64_t>::max()).at_end());
    EXPECT_TRUE(reader.failed());
}

}  // namespace
}  // namespace leakcheck::unwind
