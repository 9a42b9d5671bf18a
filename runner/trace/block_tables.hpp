// SPDX-License-Identifier: Apache-2.0
//
// The tables of all process images that record their blocks: made when an image says hello, summed up as soon
// as it has ended, so that a run of thousands of processes holds few of them at once.
// Errors: TraceError. Thread safety: none.
#pragma once

#include <cstdint>
#include <list>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/trace/counted_table.hpp"
#include "runner/trace/pointer_checks.hpp"
#include "runner/trace/tracer.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {

// Sums over tables.
struct CountedBlocks {
    std::vector<LiveGroup> live;
    std::vector<StackRecord> stacks;  // of blocks whose context was never traced: only who called
    std::vector<AllocationTotal> totals;
    std::vector<OwnerUsage> usage;  // where all blocks are counted
};

class BlockTables {
  public:
    // Maps of the BPF programs; they outlive the object.
    struct Maps {
        int contexts;   // a stack for each context
        int live;       // what single blocks have to say
        int libc_kept;  // blocks that the C library itself keeps
    };

    // `checks` outlives the object.
    BlockTables(Tables kind, Maps maps, const PointerChecks& checks);

    // Becomes readable when a process with a table has ended.
    int event_fd() const { return ended_.get(); }
    // Makes the table of an image that says hello and returns its descriptor, which the object keeps. What an
    // earlier image of the same process has left is summed up. `pid`: as seen from here, 0 if it is not.
    int add(std::uint32_t process, int pid);
    void take_ended();
    bool has(std::uint32_t process) const;
    // The live blocks of a process; nothing where it has no table.
    void for_each_block(std::uint32_t process, const BlockLists::Visit& visit) const;
    // Whether a block is just being moved: it is live, and in no list.
    bool is_moving(std::uint32_t process) const;
    // Of the live blocks, those that an owner has made.
    void for_each_of_owner(std::uint32_t process, std::uint32_t owner,
                           const std::function<void(const TracedBlock&)>& visit);
    // Bytes in all tables, as told by their threads; for a progress line.
    std::uint64_t live_bytes() const;
    // Takes all that is left and hands over the sums. Once.
    CountedBlocks finish();

  private:
    struct Entry {
        Entry(std::uint32_t its_process, int its_pid) : process(its_process), pid(its_pid) {}

        std::uint32_t process;
        int pid;
        UniqueFd handle;  // pidfd; empty where the process is not visible
        CountedTable table;
    };

    void watch(Entry& entry);
    template <typename Condition>
    void take_if(Condition condition);

    Tables kind_;
    Maps maps_;
    const PointerChecks& checks_;
    UniqueFd ended_;  // epoll
    std::list<Entry> entries_;
    CountedBlocks sums_;
};

}  // namespace leakcheck
