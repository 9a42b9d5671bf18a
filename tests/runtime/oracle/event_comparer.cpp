// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event_comparer.hpp"

#include <algorithm>

namespace leakcheck::oracle {
namespace {

constexpr std::size_t kProcessesKept = 16;  // with what libdw remembers of their modules

}  // namespace

EventComparer::EventComparer(const TraceResult& result, std::size_t depth, Tally& tally)
    : depth_(depth), tally_(tally), timeline_(result.snapshot.processes, result.mappings) {
    for (const StackRecord& stack : result.snapshot.stacks) stacks_.emplace(stack.id, &stack);
}

EventComparer::Process& EventComparer::process(ProcessId id) {
    const auto known = std::find_if(processes_.begin(), processes_.end(),
                                    [&](const Process& one) { return one.id == id; });
    if (known != processes_.end()) {
        processes_.splice(processes_.begin(), processes_, known);
    } else {
        processes_.emplace_front().id = id;
        if (processes_.size() > kProcessesKept) processes_.pop_back();
    }
    return processes_.front();
}

LibdwUnwinder& EventComparer::unwinder_for(const Event& event) {
    Process& one = process(event.process);
    const std::size_t version = timeline_.version(event.process, event.time_ns);
    if (version != one.version) {
        one.unwinder.set_modules(files_.place_all(timeline_.at(event.process, event.time_ns)));
        one.version = version;
    }
    return one.unwinder;
}

const StackRecord* EventComparer::recorded(const Event& event) const {
    const auto found = stacks_.find(event.stack);
    return found == stacks_.end() ? nullptr : found->second;
}

void EventComparer::compare_event(const Event& event) {
    LibdwUnwinder& unwinder = unwinder_for(event);
    const StackRecord* ours = recorded(event);
    const UnwoundStack actual = unwinder.unwind(event, depth_ + 1);
    tally_.add(event, ours, actual, compare(ours, actual, depth_),
               [&](std::uint64_t address) { return unwinder.describe(address); });
}

}  // namespace leakcheck::oracle
