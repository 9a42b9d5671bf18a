// SPDX-License-Identifier: Apache-2.0
//
// An allocation event as it was captured: what leakcheck recorded of it, and what another unwinder needs.
// Plain values, without a reference to the process, which may be long gone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/snapshot.hpp"
#include "tests/runtime/oracle/bpf/records.h"

namespace leakcheck::oracle {

using Registers = std::array<std::uint64_t, ORACLE_REGISTERS>;  // by DWARF's numbers

struct Page {
    std::uint64_t address = 0;
    std::array<std::uint8_t, ORACLE_PAGE_SIZE> bytes{};
};

struct Event {
    ProcessId process{};
    int tid = 0;
    std::uint64_t time_ns = 0;
    std::uint64_t size = 0;   // bytes allocated
    std::uint64_t frame = 0;  // of the interposed function
    StackId stack{};          // none: leakcheck kept no stack
    bool cut = false;         // the stack is larger than what was captured
    Registers registers{};
    std::vector<Page> pages;  // by rising address, except that a second stack may follow

    // The word at an address; nothing where it was not captured.
    std::optional<std::uint64_t> read(std::uint64_t address) const;
};

}  // namespace leakcheck::oracle
