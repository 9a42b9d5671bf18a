// SPDX-License-Identifier: Apache-2.0
//
// What the pointers of the run's processes said at their ends: which kind each block is of. Looking stops the
// process (runner/reach/reachability.hpp). Sizes in bytes.
// Memory: 8 bytes for each block that was live. Errors: none thrown; what failed is in the records.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/reach/reachability.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

struct IndirectBlocks {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
};

void add_indirect(LiveGroup& group, const IndirectBlocks& blocks);

// Of one process.
class BlockKinds {
  public:
    BlockKinds(const reach::Reachability& found, EndCheck check);

    LeakKind kind_of(std::uint64_t address) const;
    // What hangs on a definite block.
    IndirectBlocks behind(std::uint64_t address) const;

  private:
    // Blocks by address, which is a multiple of 8: the lowest bits are the kind.
    std::vector<std::uint64_t> kinds_;
    std::unordered_map<std::uint64_t, IndirectBlocks> behind_;
};

// Whether a process has blocks that are in no list of its own: a forked child has those of its parent.
enum class Inheritance { nothing, blocks };

// A process that waits at its end.
struct EndingProcess {
    std::uint32_t process = 0;
    int pid = 0;              // as seen from here
    std::uint64_t stack = 0;  // where the program's own part of the waiting thread's stack begins
    Inheritance inheritance = Inheritance::nothing;
};

class PointerChecks {
  public:
    // `ignored_paths`: of what the sampler has mapped, which keeps nothing alive.
    PointerChecks(EndCheck check, std::vector<std::string> ignored_paths)
        : check_(check), ignored_paths_(std::move(ignored_paths)) {}

    void look_at(const EndingProcess& ending, const reach::ListBlocks& list_blocks);
    // Null: nobody looked at it. Valid as long as the object.
    const BlockKinds* of(std::uint32_t process) const;
    // Of blocks that nobody looked at.
    LeakKind unseen_kind() const {
        return check_ == EndCheck::none ? LeakKind::outstanding : LeakKind::unclassified;
    }
    const std::vector<PointerCheck>& records() const { return records_; }

  private:
    EndCheck check_;
    std::vector<std::string> ignored_paths_;
    std::map<std::uint32_t, BlockKinds> kinds_;
    std::vector<PointerCheck> records_;
};

}  // namespace leakcheck
