// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/trap_cost.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

#include "runner/trace/process_maps.hpp"

// In assembly, so that its first byte is a one-byte nop, as at the sampler's sites, whatever the compiler
// puts at the beginning of functions.
asm(".pushsection .text\n"
    ".type leakcheck_trap_site, @function\n"
    "leakcheck_trap_site:\n"
    "    nop\n"
    "    ret\n"
    ".size leakcheck_trap_site, . - leakcheck_trap_site\n"
    ".popsection\n");
extern "C" void leakcheck_trap_site();

namespace leakcheck {
namespace {

// The best of some batches: the others were interrupted.
constexpr int batches = 8;
constexpr int traps_of_a_batch = 32;

std::uint64_t file_offset_of(std::uintptr_t address) {
    for (const ProcessMap& map : read_process_maps(::getpid())) {
        if (map.start <= address && address < map.end) return address - map.start + map.file_offset;
    }
    throw std::system_error(ENOENT, std::generic_category(), "no mapping of this program's code");
}

double time_a_batch() {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    for (int i = 0; i < traps_of_a_batch; ++i) leakcheck_trap_site();
    const std::chrono::duration<double, std::nano> taken = Clock::now() - start;
    return taken.count() / traps_of_a_batch;
}

}  // namespace

TrapCost measure_trap(bpf_program* program) {
    const auto address = reinterpret_cast<std::uintptr_t>(&leakcheck_trap_site);
    TrapCost cost{
        UprobeLink(program, "/proc/self/exe", {{file_offset_of(address), 0}}, ::getpid())};
    cost.nanoseconds = std::numeric_limits<double>::max();
    for (int i = 0; i < batches; ++i) cost.nanoseconds = std::min(cost.nanoseconds, time_a_batch());
    return cost;
}

}  // namespace leakcheck
