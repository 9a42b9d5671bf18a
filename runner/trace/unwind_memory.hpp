// SPDX-License-Identifier: Apache-2.0
//
// Unwind memory (abi/unwind_tables.h): words that the BPF programs read, in slabs that are added as they are
// needed and written through a shared mapping. Words are handed out once and never moved.
// Errors: what does not fit any more is refused with 0. Thread safety: none; one thread uses an object.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "runner/unique_fd.hpp"

namespace leakcheck {

class UnwindMemory {
  public:
    // `slabs_map`: the map of slabs; its descriptor outlives the object.
    explicit UnwindMemory(int slabs_map);
    ~UnwindMemory();
    UnwindMemory(const UnwindMemory&) = delete;
    UnwindMemory& operator=(const UnwindMemory&) = delete;

    // The first word that is free.
    std::uint32_t next() const { return next_; }
    // Writes words from next() on. False: there is no room for them, and nothing was written.
    bool append(std::span<const std::uint32_t> words);
    // Room for a record of `words` words in one slab, aligned to LEAKCHECK_UNWIND_RECORD_WORDS; 0: none.
    std::uint32_t reserve(std::uint32_t words);
    // Where a reserved record is to be written. Valid as long as the object.
    std::uint32_t* at(std::uint32_t word);

  private:
    struct Slab {
        UniqueFd map;
        std::uint32_t* words = nullptr;
    };

    bool has_room_until(std::uint64_t end);
    bool add_slab();

    int slabs_map_;
    std::vector<Slab> slabs_;
    std::vector<std::thread> inserters_;
    std::atomic<bool> refused_ = false;  // by the kernel: a slab has no place
    std::uint32_t next_;
};

}  // namespace leakcheck
