// SPDX-License-Identifier: Apache-2.0
//
// Unwinds captured events with libdw and compares each with the stack that leakcheck's snapshot has for it.
// Thread safety: none. Errors: OracleError.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <unordered_map>

#include "runner/trace/tracer.hpp"
#include "tests/runtime/oracle/mapping_timeline.hpp"
#include "tests/runtime/oracle/module_files.hpp"
#include "tests/runtime/oracle/tally.hpp"

namespace leakcheck::oracle {

class EventComparer {
  public:
    // Refers to the result as long as it lives. `depth`: the run's depth limit.
    EventComparer(const TraceResult& result, std::size_t depth, Tally& tally);

    void compare_event(const Event& event);
    // What leakcheck kept; null: nothing.
    const StackRecord* recorded(const Event& event) const;
    // Files that were mapped and cannot be read (any more).
    const std::unordered_set<std::string>& unreadable() const { return files_.unreadable(); }

  private:
    struct Process {
        ProcessId id{};
        std::size_t version = 0;
        LibdwUnwinder unwinder;
    };
    Process& process(ProcessId id);
    LibdwUnwinder& unwinder_for(const Event& event);

    std::size_t depth_;
    Tally& tally_;
    MappingTimeline timeline_;
    ModuleFiles files_;
    std::unordered_map<StackId, const StackRecord*> stacks_;
    std::list<Process> processes_;  // the last used first
};

}  // namespace leakcheck::oracle
