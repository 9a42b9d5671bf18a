// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/block_stacks.hpp"

#include <bpf/bpf.h>

#include "abi/trace_maps.h"

namespace leakcheck {

StackOfBlock BlockStacks::of(std::uint64_t address, std::uint64_t record, std::uint32_t context) {
    StackOfBlock result;
    result.stack = contexts_.of(context);
    if (contexts_.is_whole(context)) result.origin = StackOrigin::same_path;
    if ((record & (LEAKCHECK_RECORD_TRACED | LEAKCHECK_RECORD_KNOWN)) == 0) return result;
    const leakcheck_live_key key{process_, 0, address};
    leakcheck_live own{};
    if (bpf_map_lookup_elem(maps_.live, &key, &own) != 0) return result;
    if ((record & LEAKCHECK_RECORD_KNOWN) != 0) result.note = own.note;
    if ((record & LEAKCHECK_RECORD_TRACED) != 0 && own.stack != 0) {
        result.stack = own.stack;
        result.origin = StackOrigin::own;
    }
    return result;
}

}  // namespace leakcheck
