// SPDX-License-Identifier: Apache-2.0
#include "sampler/trace_event.hpp"

#include "abi/leakcheck_abi.h"
#include "sampler/cell.hpp"
#include "sampler/probes.hpp"

namespace leakcheck::sampler {

void tell_allocation(const void* block, std::size_t size, std::uint64_t weight,
                     std::uint64_t serial, const void* frame, std::uint64_t flags) {
    const std::uint64_t requests = requests_seen();
    leakcheck_fire_alloc(block, size, weight, serial, frame,
                         flags | (can_be_asked() ? LEAKCHECK_ALLOC_MAY_REPEAT : 0));
    if (requests_seen() == requests) [[likely]]
        return;
    tell_mapped();
    leakcheck_fire_alloc(block, size, weight, serial, frame, flags | LEAKCHECK_ALLOC_REPEATED);
}

}  // namespace leakcheck::sampler
