// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/losses.hpp"

#include <array>

namespace leakcheck {
namespace {

struct Kind {
    leakcheck_loss loss;
    const char* name;
    const char* explanation;
    bool harms_verdict;
};

constexpr std::array<Kind, LEAKCHECK_LOSS_KINDS> kKinds{{
    {LEAKCHECK_LOSS_LIVE_FULL, "live_map_full",
     "allocations were not tracked because the map of live blocks was full; raise --max-live",
     true},
    {LEAKCHECK_LOSS_STACKS_FULL, "stack_map_full",
     "blocks have no stack because the stack map was full; raise --max-stacks", false},
    {LEAKCHECK_LOSS_STACK_COLLISION, "stack_collision",
     "blocks have no stack because too many distinct stacks had one hash; raise --max-stacks",
     false},
    {LEAKCHECK_LOSS_STACK_UNREADABLE, "stack_unreadable",
     "blocks have no stack because the stack's memory could not be read", false},
    {LEAKCHECK_LOSS_TOTALS_FULL, "totals_map_full",
     "allocated totals are too low because their map was full; raise --max-stacks", false},
    {LEAKCHECK_LOSS_OWNERS_FULL, "test_map_full",
     "allocations of tests count as outside tests because the map of tests was full; raise "
     "--max-tests",
     true},
    {LEAKCHECK_LOSS_PROCESSES_FULL, "process_map_full",
     "processes were not followed because the process map was full; raise --max-processes", true},
    {LEAKCHECK_LOSS_NOTES_FULL, "note_map_full",
     "budgets or known leaks set by tests were dropped because their map was full; raise "
     "--max-tests",
     true},
    {LEAKCHECK_LOSS_SCRATCH_BUSY, "scratch_busy",
     "events have no stack or name because too many threads were in the kernel's probes at once",
     true},
    {LEAKCHECK_LOSS_SAMPLER_FULL, "sampler_table_full",
     "allocations were not tracked because the sampler's table was full; raise --max-live", true},
    {LEAKCHECK_LOSS_NAME_UNREADABLE, "name_unreadable",
     "names of tests could not be read from the program's memory; link leakcheck::gtest", true},
    {LEAKCHECK_LOSS_CENSUS_INCOMPLETE, "census_incomplete",
     "blocks that the C library itself keeps until exit could not all be told from leaks", false},
    {LEAKCHECK_LOSS_MISSED_FREE, "missed_free",
     "frees were missed: the program frees through a function that is not part of the standard "
     "interface",
     true},
    {LEAKCHECK_LOSS_MAPPINGS, "mappings_lost",
     "records of loaded libraries were lost: some frames have no symbol", false},
    {LEAKCHECK_LOSS_TABLE_FULL, "block_table_full",
     "allocations were not counted because the table of a process's blocks could not grow; give "
     "the "
     "process more memory, or use --sampling adaptive",
     true},
}};

constexpr bool kinds_are_in_order() {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (kKinds[i].loss != static_cast<leakcheck_loss>(i)) return false;
    return true;
}
static_assert(kinds_are_in_order());

}  // namespace

std::vector<Loss> describe_losses(const std::function<std::uint64_t(leakcheck_loss)>& count_of) {
    std::vector<Loss> losses;
    for (const Kind& kind : kKinds)
        losses.push_back({kind.name, kind.explanation, count_of(kind.loss), kind.harms_verdict});
    return losses;
}

}  // namespace leakcheck
