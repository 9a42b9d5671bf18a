// SPDX-License-Identifier: Apache-2.0
//
// What the pointers of the run's processes said at their ends, and at those of their tests: which kind each block is
// of. Looking stops the process (runner/reach/reachability.hpp). Sizes in bytes.
// Memory: 8 bytes for each block that was live, and what holding_paths.hpp says for the first
// most_blocks_with_paths of them. Errors: none thrown; what failed is in the records.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/reach/reachability.hpp"
#include "runner/trace/holding_paths.hpp"
#include "runner/trace/test_ends.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

// Of all processes together. What a process has beyond, nobody is told what keeps it.
inline constexpr std::size_t most_blocks_with_paths = std::size_t{1} << 20;

struct IndirectBlocks {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
};

// Of one process.
class BlockKinds {
  public:
    // Nobody looked at it: all its blocks are of one kind.
    explicit BlockKinds(LeakKind all) : others_(all) {}
    // Nobody looked at it when it ended: of what it had lost before that, the kind is known.
    BlockKinds(const LostBlocks& lost, LeakKind others);
    BlockKinds(const reach::Reachability& found, EndCheck check, const LostBlocks& lost);

    LeakKind kind_of(std::uint64_t address) const;
    // What hangs on a definite block.
    IndirectBlocks behind(std::uint64_t address) const;

  private:
    void add(std::uint64_t address, std::uint64_t size, const LostBlock& its);

    // Blocks by address, which is a multiple of 8: the lowest bits are the kind.
    std::vector<std::uint64_t> kinds_;
    LeakKind others_;
    std::unordered_map<std::uint64_t, IndirectBlocks> behind_;
};

// Adds a block of the group's kind to its sums.
void add_block(LiveGroup& group, std::uint64_t address, std::uint64_t size,
               const BlockKinds& kinds);

// Whether a process has blocks that are in no list of its own: a forked child has those of its parent.
enum class Inheritance { nothing, blocks };

// A process that waits at its end, or at that of a test.
struct EndingProcess {
    std::uint32_t process = 0;
    int pid = 0;              // as seen from here
    std::uint64_t stack = 0;  // where the program's own part of the waiting thread's stack begins
    Inheritance inheritance = Inheritance::nothing;
};

// A process's live blocks, as they are when one asks.
struct BlockLists {
    using Visit = std::function<void(const OwnedBlock&)>;

    std::function<void(const Visit&)> for_each;  // in any order
    std::function<std::vector<TracedBlock>(std::uint32_t owner)> made_by;
    std::function<bool()> is_moving;  // a block, which is live and not in the list
};

class PointerChecks {
  public:
    // `ignored_paths`: of what the sampler has mapped, which keeps nothing alive.
    PointerChecks(EndCheck check, std::vector<std::string> ignored_paths)
        : check_(check),
          ignored_paths_(std::move(ignored_paths)),
          unseen_(check == EndCheck::none ? LeakKind::outstanding : LeakKind::unclassified) {}

    void look_at_end(const EndingProcess& ending, const BlockLists& lists);
    // When a test has ended. Only where blocks are left of it is the process stopped.
    void look_at_test_end(const EndingProcess& ending, std::uint32_t owner,
                          const BlockLists& lists);

    // Valid as long as the object; of a process that was not looked at, until it is.
    const BlockKinds& of(std::uint32_t process) const;
    // What kept its blocks when it ended.
    const HoldingPaths& paths_of(std::uint32_t process) const;
    std::vector<PointerCheck> records() const;
    // What was freed after the end of its test.
    std::vector<LiveGroup> released() const { return test_ends_.released(); }

  private:
    // `most_with_places`: see reach::ReachabilityOptions.
    reach::Reachability look_at(const EndingProcess& ending, const BlockLists& lists,
                                std::size_t most_with_places) const;
    PointerCheck& record_of(std::uint32_t process);

    EndCheck check_;
    std::vector<std::string> ignored_paths_;
    BlockKinds unseen_;
    TestEnds test_ends_;
    std::map<std::uint32_t, BlockKinds> kinds_;
    std::map<std::uint32_t, HoldingPaths> paths_;
    HoldingPaths no_paths_;
    std::size_t blocks_with_paths_ = 0;
    std::map<std::uint32_t, PointerCheck> records_;
};

}  // namespace leakcheck
