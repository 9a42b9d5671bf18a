// SPDX-License-Identifier: Apache-2.0
//
// The cells of the run's images (abi/leakcheck_abi.h), as far as the runner writes them: how much less is to be
// traced. Errors: TraceError. Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "abi/leakcheck_abi.h"

namespace leakcheck {

class CellMap {
  public:
    // `map`: of `count` cells; its descriptor need not outlive the call.
    CellMap(int map, std::uint32_t count);
    ~CellMap();
    CellMap(const CellMap&) = delete;
    CellMap& operator=(const CellMap&) = delete;

    // An image is about to be given its cell.
    void add(std::uint32_t number);
    // For all images that have a cell or will be given one.
    void set_pressure(std::uint32_t level);

  private:
    void write(std::uint32_t number);

    leakcheck_cell* cells_ = nullptr;
    std::uint32_t count_;
    std::uint32_t last_ = 0;  // the highest number that was added
    std::uint32_t pressure_ = 0;
};

}  // namespace leakcheck
