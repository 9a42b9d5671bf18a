// SPDX-License-Identifier: Apache-2.0
#include "sampler/pressure.hpp"

#include "sampler/cell.hpp"
#include "sampler/random.hpp"

namespace leakcheck::sampler {

std::uint64_t draw_under_pressure(ThreadState& thread) {
    const volatile leakcheck_cell* const cell = current_cell.load(std::memory_order_acquire);
    const std::uint32_t pressure = cell != nullptr ? cell->pressure : 0;
    if (pressure == 0) return 1;
    if (pressure >= LEAKCHECK_PRESSURE_STOP) return 0;
    const std::uint64_t factor = std::uint64_t{1} << pressure;
    return (next_random(thread.random) & (factor - 1)) == 0 ? factor : 0;
}

}  // namespace leakcheck::sampler
