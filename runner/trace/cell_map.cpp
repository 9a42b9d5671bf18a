// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/cell_map.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "runner/trace/trace_error.hpp"

namespace leakcheck {

CellMap::CellMap(int map, std::uint32_t count) : count_(count) {
    void* const memory =
        ::mmap(nullptr, count * sizeof(leakcheck_cell), PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
    if (memory == MAP_FAILED)
        throw TraceError(
            fmt::format("cannot map the cells of the run's processes: {}", std::strerror(errno)));
    cells_ = static_cast<leakcheck_cell*>(memory);
}

CellMap::~CellMap() {
    ::munmap(cells_, count_ * sizeof(leakcheck_cell));
}

void CellMap::add(std::uint32_t number) {
    if (number >= count_) return;
    last_ = std::max(last_, number);
    write(number);
}

void CellMap::set_pressure(std::uint32_t level) {
    pressure_ = level;
    for (std::uint32_t number = 1; number <= last_; ++number) write(number);
}

void CellMap::write(std::uint32_t number) {
    std::atomic_ref<__u32>(cells_[number].pressure).store(pressure_, std::memory_order_relaxed);
}

}  // namespace leakcheck
