// SPDX-License-Identifier: Apache-2.0
//
// A cursor over little-endian bytes that never leaves them: a read past the end gives 0 and makes
// the reader failed for good. Ownership: a view; the bytes must outlive it. Thread safety: none.
// Source of the LEB128 format: DWARF 5, section 7.6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace leakcheck::unwind {

class ByteReader {
  public:
    ByteReader() = default;
    ByteReader(const std::uint8_t* begin, const std::uint8_t* end) : at_(begin), end_(end) {}

    const std::uint8_t* position() const { return at_; }
    std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
    bool at_end() const { return at_ == end_; }
    bool failed() const { return failed_; }

    template <typename Integer>
    Integer fixed() {
        Integer value{};
        if (left() < sizeof(value)) return fail<Integer>();
        std::memcpy(&value, at_, sizeof(value));
        at_ += sizeof(value);
        return value;
    }

    std::uint8_t byte() { return fixed<std::uint8_t>(); }

    // Bits beyond the 64th are dropped.
    std::uint64_t uleb() {
        unsigned ignored = 0;
        std::uint8_t last = 0;
        return leb(ignored, last);
    }

    std::int64_t sleb() {
        unsigned bits = 0;
        std::uint8_t last = 0;
        std::uint64_t value = leb(bits, last);
        if ((last & 0x40) != 0 && bits < 64) value |= ~std::uint64_t{0} << bits;
        return static_cast<std::int64_t>(value);
    }

    void skip(std::uint64_t size) { block(size); }

    // A reader of the next bytes alone, which this one skips.
    ByteReader block(std::uint64_t size) {
        if (left() < size) return fail<ByteReader>();
        const ByteReader inner(at_, at_ + size);
        at_ += size;
        return inner;
    }

  private:
    template <typename Value>
    Value fail() {
        at_ = end_;
        failed_ = true;
        return Value{};
    }

    std::uint64_t leb(unsigned& bits, std::uint8_t& last) {
        std::uint64_t value = 0;
        do {
            last = byte();
            if (bits < 64) value |= static_cast<std::uint64_t>(last & 0x7f) << bits;
            bits += 7;
        } while ((last & 0x80) != 0);
        return value;
    }

    const std::uint8_t* at_ = nullptr;
    const std::uint8_t* end_ = nullptr;
    bool failed_ = false;
};

}  // namespace leakcheck::unwind
