// SPDX-License-Identifier: Apache-2.0
//
// The memory of a process, as those who look for pointers see it; tests fill one of their own.
// Thread safety: read() may be called from several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace leakcheck::reach {

class Memory {
  public:
    Memory() = default;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    virtual ~Memory() = default;

    // Fills the buffer with what is at the address. Bytes that cannot be read are left as they are, and the
    // rest is read all the same. Returns how many could be read.
    virtual std::size_t read(std::uint64_t address, std::span<std::byte> buffer) const = 0;

    // Nothing where any of it cannot be read.
    template <typename Value>
    std::optional<Value> value_at(std::uint64_t address) const {
        Value value{};
        if (read(address, std::as_writable_bytes(std::span(&value, 1))) != sizeof(value))
            return std::nullopt;
        return value;
    }
    std::optional<std::uint64_t> word_at(std::uint64_t address) const {
        return value_at<std::uint64_t>(address);
    }
};

}  // namespace leakcheck::reach
