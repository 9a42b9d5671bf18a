// SPDX-License-Identifier: Apache-2.0
//
// Runs the walk of bpf/unwind.h in this process: unwind memory as the runner fills it, rules, and a
// stack to read from. Thread safety: each thread may use objects of its own.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "bpf/unwind_walk.h"
#include "runner/unwind/pack.hpp"
#include "runner/unwind/rule_set.hpp"

namespace leakcheck::test {

class NativeMemory {
  public:
    // Writes words one after another, beginning at a word number.
    void write(std::uint32_t first_word, const std::vector<std::uint32_t>& words);
    std::uint32_t word(std::uint32_t number) const;
    // Null where nothing was ever written.
    const std::uint32_t* slab(std::uint32_t word) const;

    // Packs a table behind all that was added before. The range is that of an object loaded at a
    // bias, ready for an address map.
    leakcheck_address_range add_table(const unwind::CodeTable& table, std::uint64_t bias);
    // Writes an address map of sorted ranges; its word number.
    std::uint32_t add_address_map(const std::vector<leakcheck_address_range>& ranges);
    void set_next_word(std::uint32_t word) { next_word_ = word; }

  private:
    struct Free {
        void operator()(std::uint32_t* slab) const { std::free(slab); }
    };
    using Slab = std::unique_ptr<std::uint32_t[], Free>;
    static Slab new_slab();

    std::array<Slab, LEAKCHECK_UNWIND_SLABS> slabs_;
    std::uint32_t next_word_ = 1;
};

// Copies stack memory at an address; false: unreadable.
using ReadStack = std::function<bool(void* to, std::uint32_t size, std::uint64_t address)>;

// The rule of the walk for an address of the range.
leakcheck_unwind_rule find_rule(const NativeMemory& memory, const unwind::RuleSet& rules,
                                const leakcheck_address_range& range, std::uint64_t address);

// Walks on from a state until the end.
void walk_on(const NativeMemory& memory, const unwind::RuleSet& rules, const ReadStack& read_stack,
             unwind_walk& walk);

// Walks from the frame of an interposed function: abi/leakcheck_abi.h, `frame`.
unwind_walk walk_from_frame(const NativeMemory& memory, const unwind::RuleSet& rules,
                            const ReadStack& read_stack, std::uint32_t address_map,
                            std::uint64_t frame);

}  // namespace leakcheck::test
