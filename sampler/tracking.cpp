// SPDX-License-Identifier: Apache-2.0
#include "sampler/tracking.hpp"

#include "sampler/mapped_code.hpp"
#include "sampler/probes.hpp"

namespace leakcheck::sampler {

constinit LiveTable live_blocks;

namespace {

constinit bool in_census = false;  // set in a copy of the process that has one thread

}  // namespace

[[gnu::noinline]] void trace(void* block, std::size_t size, const void* frame,
                             std::uint64_t weight) {
    const std::uint64_t serial = ++thread_state.serial;
    if (!live_blocks.insert(block, serial, leakcheck_config_record.max_live)) {
        leakcheck_fire_loss(LEAKCHECK_LOSS_SAMPLER_FULL, 1);
        return;
    }
    const std::uint64_t requests = requests_seen();
    leakcheck_fire_alloc(block, size, weight, serial, frame,
                         can_be_asked() ? LEAKCHECK_ALLOC_MAY_REPEAT : 0);
    if (requests_seen() == requests) [[likely]]
        return;
    tell_mapped();
    leakcheck_fire_alloc(block, size, weight, serial, frame, LEAKCHECK_ALLOC_REPEATED);
}

[[gnu::noinline]] void forget(const void* block) {
    const std::uint64_t serial = live_blocks.erase(block);
    if (serial != LiveTable::no_serial) tell_free(block, serial);
}

std::uint64_t take_out(const void* block) {
    return live_blocks.may_hold(block) ? live_blocks.erase(block) : LiveTable::no_serial;
}

void put_back(const void* block, std::uint64_t serial) {
    if (live_blocks.insert(block, serial, leakcheck_config_record.max_live)) return;
    leakcheck_fire_loss(LEAKCHECK_LOSS_SAMPLER_FULL, 1);
}

void tell_free(const void* block, std::uint64_t serial) {
    if (in_census) {
        leakcheck_fire_census(block);
    } else {
        leakcheck_fire_free(block, serial);
    }
}

void enter_census() {
    in_census = true;
    ++thread_state.untracked;
}

}  // namespace leakcheck::sampler
