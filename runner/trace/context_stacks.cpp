// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/context_stacks.hpp"

#include "abi/trace_maps.h"
#include "runner/trace/bpf_map.hpp"
#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {

std::uint64_t ContextStacks::of(std::uint32_t context) {
    if (context >= stacks_.size()) return 0;
    std::uint64_t& stack = stacks_[context];
    if (stack != unknown) return stack;
    const leakcheck_context_key key{process_, context};
    if (bpf_map_lookup_elem(map_, &key, &stack) != 0) stack = add_caller(context);
    return stack;
}

bool ContextStacks::is_whole(std::uint32_t context) const {
    return context < contexts_.size() && (contexts_[context].flags & LEAKCHECK_CONTEXT_WHOLE) != 0;
}

// A context that was never traced (for the sake of cost, or for want of room) is known by its innermost
// caller. The numbers of such stacks have the highest bit and nothing else of a hash.
std::uint64_t ContextStacks::add_caller(std::uint32_t context) {
    StackRecord record;
    record.id = StackId{std::uint64_t{1} << 63 | std::uint64_t{process_} << 24 | context};
    record.process = process_id(process_);
    record.status = StackStatus::truncated;
    record.first_seen_ns = UINT64_MAX;
    record.frames = {contexts_[context].caller};
    callers_.push_back(record);
    return static_cast<std::uint64_t>(record.id);
}

void ContextStacks::clear_map() const {
    for (std::uint32_t context = 1; context < contexts_.size(); ++context) {
        const leakcheck_context_key key{process_, context};
        bpf_map_delete_elem(map_, &key);
    }
}

}  // namespace leakcheck
