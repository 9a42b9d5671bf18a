// SPDX-License-Identifier: Apache-2.0
//
// Which mapping a process had at an address at a time. Unmapping is not recorded: a mapping lasts
// until a later one covers it. A forked child sees its parent's mappings as of the fork; an exec'd
// image starts empty. Times are CLOCK_MONOTONIC nanoseconds. Thread safety: none. Errors: none;
// processes may be added in any order and may be missing.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "runner/elf/interval_index.hpp"
#include "runner/elf/symbolizer.hpp"

namespace leakcheck::elf {

class MappingHistory {
  public:
    void add_process(const ProcessRecord& process);
    void add_mapping(Mapping mapping);

    // The latest mapping at the address that was made no later than `time_ns`; null if there is
    // none.
    const Mapping* find(ProcessId process, std::uint64_t address, std::uint64_t time_ns);

    // The paths that were ever mapped, each once: those of the main process and its ancestors
    // first.
    std::vector<std::string> paths() const;

  private:
    struct Origin {
        ProcessId parent{};
        std::uint64_t start_ns = 0;
        bool is_image = false;
    };
    const Mapping* latest(ProcessId process, std::uint64_t address, std::uint64_t time_ns);
    std::vector<ProcessId> main_line() const;

    std::unordered_map<ProcessId, Origin> origins_;
    ProcessId main_{};
    std::deque<Mapping> mappings_;  // in the order they were added
    std::unordered_map<ProcessId, IntervalIndex<std::size_t>> by_process_;  // indices of mappings_
};

}  // namespace leakcheck::elf
