// SPDX-License-Identifier: Apache-2.0
//
// Memory that a test fills word by word, with the blocks that live in it; what is not filled is 0.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "runner/reach/block_scanner.hpp"
#include "runner/reach/mark.hpp"
#include "runner/reach/memory.hpp"

namespace leakcheck::reach::test {

class FakeMemory final : public Memory {
  public:
    void put(std::uint64_t address, std::uint64_t word) { words_[address] = word; }
    void make_unreadable(const AddressRange& range) { unreadable_.push_back(range); }
    std::size_t read(std::uint64_t address, std::span<std::byte> buffer) const override;

  private:
    std::map<std::uint64_t, std::uint64_t> words_;
    std::vector<AddressRange> unreadable_;
};

// A heap, and words that are its roots.
class FakeHeap {
  public:
    // Returns the address.
    std::uint64_t add(std::uint64_t address, std::uint64_t size);
    void put(std::uint64_t address, std::uint64_t word) { memory.put(address, word); }
    // A root word.
    void hold(std::uint64_t word) { held.push_back(word); }

    Marks mark(Everything everything = Everything::read);
    // By address, after mark().
    LeakKind kind(std::uint64_t address) const { return result.kinds[number(address)]; }
    std::uint64_t leader(std::uint64_t address) const {
        return blocks[result.leaders[number(address)]].address;
    }
    BlockNumber number(std::uint64_t address) const;

    LiveBlocks blocks;
    FakeMemory memory;
    std::vector<std::uint64_t> held;
    std::vector<ProcessMap> files;
    BlockScan scan;  // what differs from the ordinary
    OutOfTime out_of_time = [] { return false; };
    Marks result;
    ScanCounts counts;
    std::vector<std::uint8_t> traits;
};

}  // namespace leakcheck::reach::test
