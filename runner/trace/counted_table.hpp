// SPDX-License-Identifier: Apache-2.0
//
// The table of one process image's blocks (abi/counted_table.h): made for it, handed over, and
// read, while the process runs or when it has ended. Sizes in bytes.
// Errors: TraceError. Thread safety: none; the process may write while it is read.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "abi/counted_table.h"
#include "runner/unique_fd.hpp"

namespace leakcheck {

class CountedTable {
  public:
    CountedTable();
    ~CountedTable();
    CountedTable(const CountedTable&) = delete;
    CountedTable& operator=(const CountedTable&) = delete;

    // Of the file; valid as long as the table.
    int fd() const { return file_.get(); }

    const leakcheck_table_head& head() const;
    std::span<const leakcheck_account> accounts() const;  // by number; the first is none
    std::span<const leakcheck_account_total> account_totals() const;  // as long as accounts()
    std::span<const leakcheck_context> contexts() const;  // by number; the first is none
    std::span<const leakcheck_thread_total> threads() const;
    std::span<const leakcheck_owner_total> owners() const;

    // Calls visit(address, record) for each live block.
    using Visit = std::function<void(std::uint64_t address, std::uint64_t record)>;
    void for_each_record(const Visit& visit) const;
    // Of the live block at an address; 0 where there is none.
    std::uint64_t record_at(std::uint64_t address) const;

  private:
    template <typename Item>
    std::span<const Item> items(std::uint64_t offset, std::uint64_t count,
                                std::uint64_t most) const;
    std::span<const leakcheck_region> regions() const;
    void visit_region(std::uint64_t number, std::uint64_t address, const Visit& visit) const;

    UniqueFd file_;
    const unsigned char* memory_ = nullptr;  // all but the records
};

}  // namespace leakcheck
