// SPDX-License-Identifier: Apache-2.0
//
// What the processes of a run had at the ends of their tests, and what became of it: blocks that nothing led to are
// leaks of their tests whatever happens later; of the others it is seen by which test they are freed after
// all. Sizes in bytes. Memory: some 100 bytes for each block that outlives its test.
// Errors: none. Thread safety: none.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/reach/reachability.hpp"

namespace leakcheck {

// A live block and whose turn it was made in.
struct OwnedBlock {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint32_t owner = 0;
};

// With what is known of where it was made.
struct TracedBlock {
    OwnedBlock block;
    std::uint64_t stack = 0;
    StackOrigin origin = StackOrigin::own;
};

// What a block is, and with which it goes.
struct LostBlock {
    LeakKind kind = LeakKind::definite;
    std::uint64_t leader =
        0;  // address of the definite block; of other kinds than indirect, its own
};

struct LostWithSize {
    std::uint64_t size = 0;
    LostBlock its;
};

// Blocks that were definite or indirect when their test ended, by address.
using LostBlocks = std::map<std::uint64_t, LostWithSize>;

class TestEnds {
  public:
    // `found`: at the end of the test that has made `blocks`.
    void remember(std::uint32_t process, const reach::Reachability& found,
                  const std::vector<TracedBlock>& blocks);
    // `live`: all blocks of the process, in the order of addresses. What is not among them any more has been
    // freed since the last call, in the turn of `owner`; 0: outside tests.
    void take_freed(std::uint32_t process, std::uint32_t owner,
                    const std::vector<OwnedBlock>& live);

    bool has_any(std::uint32_t process) const { return processes_.contains(process); }
    LostBlocks lost(std::uint32_t process) const;
    // What was freed late, of kind released_late.
    std::vector<LiveGroup> released() const;

  private:
    struct Outliving {
        TracedBlock traced;
        bool is_lost = false;
        LostBlock lost;
    };
    using Outlivings = std::map<std::uint64_t, Outliving>;  // by address
    // process, owner, stack, whose stack, who freed it
    using GroupKey =
        std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, StackOrigin, std::uint32_t>;

    void add_released(std::uint32_t process, const TracedBlock& traced, std::uint32_t released_in);

    std::map<std::uint32_t, Outlivings> processes_;
    std::map<GroupKey, LiveGroup> released_;
};

}  // namespace leakcheck
