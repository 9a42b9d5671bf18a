// SPDX-License-Identifier: Apache-2.0
//
// Which files a process had mapped for execution at a time. A forked child begins with its parent's
// mappings as of the fork; a mapping lasts until a later one covers some of it. Times are CLOCK_MONOTONIC
// nanoseconds. Written apart from the one that leakcheck symbolizes by, so that each checks the other.
// Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/elf/symbolizer.hpp"

namespace leakcheck::oracle {

class MappingTimeline {
  public:
    MappingTimeline(const std::vector<ProcessRecord>& processes, std::vector<Mapping> mappings);

    // How many mappings the process had seen made: while this stays, so does at().
    std::size_t version(ProcessId process, std::uint64_t time_ns);
    // What is there, earliest made first.
    std::vector<Mapping> at(ProcessId process, std::uint64_t time_ns);

  private:
    const std::vector<Mapping>& all(ProcessId process);

    std::unordered_map<ProcessId, ProcessRecord> processes_;
    std::unordered_map<ProcessId, std::vector<Mapping>> own_;
    std::unordered_map<ProcessId, std::vector<Mapping>> all_;  // own and inherited, by time
};

}  // namespace leakcheck::oracle
