// SPDX-License-Identifier: Apache-2.0
//
// Sums live blocks into groups, so that a million blocks of one leak are one record. What it has taken can
// be deleted from the kernel's map at once, which makes room in a run with many short processes.
// Thread safety: none. Errors: TraceError.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <tuple>
#include <vector>

#include "abi/trace_maps.h"
#include "analysis/snapshot.hpp"
#include "runner/trace/pointer_checks.hpp"

namespace leakcheck {

class LiveCollector {
  public:
    // `end_of` gives the time at which a process image ended, in ns; 0 while it lives.
    using EndFn = std::function<std::uint64_t(std::uint32_t process)>;

    // Blocks of different iterations of the tests are kept apart, up to `repetitions` of them; with 1, not
    // at all.
    // `checks` outlives the object.
    LiveCollector(int live_map, std::uint64_t min_age_ns, std::uint32_t repetitions,
                  const PointerChecks& checks)
        : live_map_(live_map),
          min_age_ns_(min_age_ns),
          repetitions_(repetitions),
          checks_(checks) {}

    // The live blocks of a process that are traced and in no table.
    using Visit = std::function<void(const TracedBlock&)>;
    void for_each_block(std::uint32_t process, const Visit& visit) const;

    // Takes the blocks of ended images out of the map. Returns how many.
    std::uint64_t sweep(const EndFn& end_of);
    // Takes all that is left, as of `now_ns`, and hands over every group. Once.
    std::vector<LiveGroup> finish(const EndFn& end_of, std::uint64_t now_ns);

  private:
    // process, owner, stack, note, C library's own, younger than the age limit, weight, repetition, kind
    using GroupKey = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, std::uint32_t, bool,
                                bool, std::uint64_t, std::uint32_t, LeakKind>;

    struct Group {
        LiveGroup sums;
        ExampleBlock example;  // of which the path is not known yet
    };

    void add(const leakcheck_live_key& key, const leakcheck_live& block, std::uint64_t end_ns);
    // While the blocks are still in the map.
    void find_paths();
    StackId stack_of(std::uint32_t process, std::uint64_t address) const;

    int live_map_;
    std::uint64_t min_age_ns_;
    std::uint32_t repetitions_;
    const PointerChecks& checks_;
    std::map<GroupKey, Group> groups_;
};

}  // namespace leakcheck
