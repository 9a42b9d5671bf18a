// SPDX-License-Identifier: Apache-2.0
#include "sampler/cell.hpp"

#include <sys/mman.h>

#include "sampler/control_file.hpp"
#include "sampler/probes.hpp"
#include "sampler/system_call.hpp"

namespace leakcheck::sampler {

constinit std::atomic<const volatile leakcheck_cell*> current_cell{nullptr};

namespace {

constexpr std::uint64_t page_size = 4096;
constinit std::atomic<bool> is_deaf{false};  // the runner did not answer

}  // namespace

void map_cell(const Welcome& welcome) {
    if (welcome.cells() < 0) return;
    const std::uint64_t place = std::uint64_t{welcome.cell()} * sizeof(leakcheck_cell);
    const long page = system_call(SYS_mmap, nullptr, page_size, PROT_READ, MAP_SHARED,
                                  welcome.cells(), place / page_size * page_size);
    if (has_failed(page)) return;
    current_cell.store(reinterpret_cast<const volatile leakcheck_cell*>(
                           static_cast<std::uint64_t>(page) + place % page_size),
                       std::memory_order_release);
}

std::uint64_t requests_seen() {
    const volatile leakcheck_cell* const cell = current_cell.load(std::memory_order_acquire);
    return cell != nullptr ? cell->requests : 0;
}

bool can_be_asked() {
    return current_cell.load(std::memory_order_acquire) != nullptr &&
           !is_deaf.load(std::memory_order_relaxed);
}

void tell_mapped() {
    const std::uint64_t token = make_token();
    const ControlFile control;
    leakcheck_fire_mapped(token);
    if (!control.wait_for_answer(token)) is_deaf.store(true, std::memory_order_relaxed);
}

}  // namespace leakcheck::sampler
