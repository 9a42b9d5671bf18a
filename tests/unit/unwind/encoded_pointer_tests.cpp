// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/encoded_pointer.hpp"

#include <dwarf.h>
#include <gtest/gtest.h>

#include <vector>

namespace leakcheck::unwind {
namespace {

constexpr std::uint64_t kAddress = 0x1000;  // of the first byte
constexpr std::uint64_t kData = 0x500000;

std::optional<std::uint64_t> read(std::vector<std::uint8_t> bytes, int encoding,
                                  std::size_t from = 0) {
    ByteReader reader(bytes.data() + from, bytes.data() + bytes.size());
    return read_pointer(reader, static_cast<std::uint8_t>(encoding),
                        {bytes.data(), kAddress, kData});
}

const std::vector<std::uint8_t> kEight{0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

TEST(EncodedPointer, ReadsAllSizes) {
    EXPECT_EQ(read(kEight, DW_EH_PE_absptr), ~0xfull);
    EXPECT_EQ(read(kEight, DW_EH_PE_udata8), ~0xfull);
    EXPECT_EQ(read(kEight, DW_EH_PE_sdata8), ~0xfull);
    EXPECT_EQ(read(kEight, DW_EH_PE_udata4), 0xfffffff0u);
    EXPECT_EQ(read(kEight, DW_EH_PE_sdata4), ~0xfull);
    EXPECT_EQ(read(kEight, DW_EH_PE_udata2), 0xfff0u);
    EXPECT_EQ(read(kEight, DW_EH_PE_sdata2), ~0xfull);
    EXPECT_EQ(read({0x81, 0x02}, DW_EH_PE_uleb128), 257u);
    EXPECT_EQ(read({0x7f}, DW_EH_PE_sleb128), ~0ull);
}

TEST(EncodedPointer, CountsFromItsOwnPlace) {
    EXPECT_EQ(read({0, 0, 0x10, 0, 0, 0}, DW_EH_PE_pcrel | DW_EH_PE_sdata4, 2), kAddress + 2 + 16);
    EXPECT_EQ(read(kEight, DW_EH_PE_pcrel | DW_EH_PE_sdata4), kAddress - 16);
}

TEST(EncodedPointer, CountsFromData) {
    EXPECT_EQ(read({0x10, 0}, DW_EH_PE_datarel | DW_EH_PE_udata2), kData + 16);
    const std::uint8_t byte = 1;
    ByteReader reader(&byte, &byte + 1);
    EXPECT_FALSE(read_pointer(reader, DW_EH_PE_datarel | DW_EH_PE_uleb128, {&byte, 0, {}}));
}

TEST(EncodedPointer, SkipsToAnAlignedPlace) {
    std::vector<std::uint8_t> bytes(16);
    bytes[8] = 7;
    EXPECT_EQ(read(bytes, DW_EH_PE_aligned, 3), 7u);
    EXPECT_EQ(read(bytes, DW_EH_PE_aligned, 8), 7u);
    EXPECT_FALSE(read(bytes, DW_EH_PE_aligned, 9));
}

TEST(EncodedPointer, RefusesWhatCannotBeKnownHere) {
    EXPECT_FALSE(read(kEight, DW_EH_PE_indirect | DW_EH_PE_pcrel));
    EXPECT_FALSE(read(kEight, DW_EH_PE_omit));
    EXPECT_FALSE(read(kEight, DW_EH_PE_textrel | DW_EH_PE_udata4));
    EXPECT_FALSE(read(kEight, DW_EH_PE_funcrel | DW_EH_PE_udata4));
    EXPECT_FALSE(read(kEight, 0x05));
    EXPECT_FALSE(read(kEight, 0x60));
}

TEST(EncodedPointer, RefusesToReadPastTheEnd) {
    EXPECT_FALSE(read({1, 2, 3}, DW_EH_PE_udata4));
    EXPECT_FALSE(read({}, DW_EH_PE_uleb128));
    EXPECT_FALSE(read({0x80}, DW_EH_PE_uleb128));
}

}  // namespace
}  // namespace leakcheck::unwind
