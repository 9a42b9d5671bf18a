// SPDX-License-Identifier: Apache-2.0
//
// What elfutils' libdw says of an address, in the form of an unwind rule: the oracle of the tests. It
// shares no code with the table reader but libdw's walk over the entries.
#pragma once

#include <elfutils/libdw.h>
#include <libelf.h>

#include <cstdint>
#include <memory>

#include "abi/unwind_tables.h"

namespace leakcheck::test {

class Oracle {
  public:
    // The object must outlive it.
    explicit Oracle(Elf* elf);
    ~Oracle();
    Oracle(const Oracle&) = delete;
    Oracle& operator=(const Oracle&) = delete;

    // By .eh_frame, else by .debug_frame; none: LEAKCHECK_CFA_NONE. An undefined rbx counts as
    // unchanged.
    leakcheck_unwind_rule at(std::uint64_t address) const;

  private:
    Dwarf_CFI* eh_frame_;
    Dwarf* dwarf_;
};

}  // namespace leakcheck::test
