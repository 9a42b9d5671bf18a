// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/return_sites.hpp"

namespace leakcheck::sampler::counted {

bool ReturnSites::take(Site& site, std::uint64_t key, std::uint32_t step) {
    std::uint64_t seen = site.key.load(std::memory_order_relaxed);
    const bool is_stale = seen >> 48 != key >> 48 && seen != being_written;
    if (!is_stale ||
        !site.key.compare_exchange_strong(seen, being_written, std::memory_order_acq_rel))
        return false;
    site.step.store(step, std::memory_order_relaxed);
    site.key.store(key, std::memory_order_release);
    return true;
}

void ReturnSites::learn(std::uint64_t address, std::uint32_t step) {
    if (find(address) != unknown) return;
    const std::uint64_t key = key_of(address);
    for (Site& site : bucket(address))
        if (take(site, key, step)) return;
}

// Generations begin again after 2^16 - 1: what is left of the first time must not come back to life.
void ReturnSites::clear() {
    const std::uint32_t next = generation() + 1;
    if (next < 0xfffe) {
        generation_.store(next, std::memory_order_release);
        return;
    }
    for (Bucket& bucket : buckets_)
        for (Site& site : bucket) site.key.store(0, std::memory_order_relaxed);
    generation_.store(0, std::memory_order_release);
}

}  // namespace leakcheck::sampler::counted
