// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/counted_table.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

constexpr std::uint64_t read_at_once = 1 << 20;  // bytes

[[noreturn]] void fail(const char* what) {
    throw TraceError(
        fmt::format("cannot {} the table of a process's blocks: {}", what, std::strerror(errno)));
}

}  // namespace

CountedTable::CountedTable() : file_(::memfd_create("leakcheck", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
    if (!file_ || ::ftruncate(file_.get(), static_cast<off_t>(LEAKCHECK_TABLE_BYTES)) != 0)
        fail("make");
    leakcheck_table_head head{};
    head.magic = LEAKCHECK_TABLE_MAGIC;
    head.version = LEAKCHECK_ABI_VERSION;
    if (::pwrite(file_.get(), &head, sizeof(head), 0) != sizeof(head)) fail("write");
    // The process cannot cut it short under our eyes, nor under its own.
    ::fcntl(file_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    void* const memory =
        ::mmap(nullptr, LEAKCHECK_TABLE_RECORDS, PROT_READ, MAP_SHARED, file_.get(), 0);
    if (memory == MAP_FAILED) fail("map");
    memory_ = static_cast<const unsigned char*>(memory);
}

CountedTable::~CountedTable() {
    ::munmap(const_cast<unsigned char*>(memory_), LEAKCHECK_TABLE_RECORDS);
}

const leakcheck_table_head& CountedTable::head() const {
    return *reinterpret_cast<const leakcheck_table_head*>(memory_);
}

template <typename Item>
std::span<const Item> CountedTable::items(std::uint64_t offset, std::uint64_t count,
                                          std::uint64_t most) const {
    return {reinterpret_cast<const Item*>(memory_ + offset), std::min(count, most)};
}

std::span<const leakcheck_account> CountedTable::accounts() const {
    return items<leakcheck_account>(LEAKCHECK_TABLE_ACCOUNT_LIST,
                                    std::uint64_t{head().accounts} + 1, LEAKCHECK_TABLE_ACCOUNTS);
}

std::span<const leakcheck_account_total> CountedTable::account_totals() const {
    return items<leakcheck_account_total>(LEAKCHECK_TABLE_ACCOUNT_TOTALS, accounts().size(),
                                          LEAKCHECK_TABLE_ACCOUNTS);
}

std::span<const leakcheck_context> CountedTable::contexts() const {
    return items<leakcheck_context>(LEAKCHECK_TABLE_CONTEXT_LIST,
                                    std::uint64_t{head().contexts} + 1, LEAKCHECK_TABLE_CONTEXTS);
}

std::span<const leakcheck_thread_total> CountedTable::threads() const {
    return items<leakcheck_thread_total>(
        LEAKCHECK_TABLE_THREAD_TOTALS, std::uint64_t{head().threads} + 1, LEAKCHECK_TABLE_THREADS);
}

std::span<const leakcheck_owner_total> CountedTable::owners() const {
    return items<leakcheck_owner_total>(LEAKCHECK_TABLE_OWNER_TOTALS, LEAKCHECK_TABLE_OWNERS,
                                        LEAKCHECK_TABLE_OWNERS);
}

std::span<const leakcheck_region> CountedTable::regions() const {
    return items<leakcheck_region>(LEAKCHECK_TABLE_REGION_LIST, head().regions,
                                   LEAKCHECK_TABLE_REGIONS);
}

void CountedTable::for_each_record(const Visit& visit) const {
    const auto all = regions();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].used == 1) visit_region(i, all[i].address, visit);
}

std::uint64_t CountedTable::record_at(std::uint64_t address) const {
    const auto all = regions();
    const auto region = std::find_if(all.begin(), all.end(), [&](const leakcheck_region& each) {
        return each.used == 1 && address - each.address < LEAKCHECK_REGION_SIZE;
    });
    if (region == all.end()) return 0;
    const auto number = static_cast<std::uint64_t>(region - all.begin());
    const std::uint64_t place = LEAKCHECK_TABLE_RECORDS + number * LEAKCHECK_REGION_BYTES +
                                LEAKCHECK_RECORD_INDEX(address) * sizeof(std::uint64_t);
    std::uint64_t record = 0;
    if (::pread(file_.get(), &record, sizeof(record), static_cast<off_t>(place)) < 0) fail("read");
    return record;
}

// Only what was ever written is read: the file's holes are skipped.
void CountedTable::visit_region(std::uint64_t number, std::uint64_t address,
                                const Visit& visit) const {
    const std::uint64_t start = LEAKCHECK_TABLE_RECORDS + number * LEAKCHECK_REGION_BYTES;
    const std::uint64_t end = start + LEAKCHECK_REGION_BYTES;
    // Not wiped: most regions have little in them.
    const auto records =
        std::make_unique_for_overwrite<std::uint64_t[]>(read_at_once / sizeof(std::uint64_t));
    for (std::uint64_t place = start; place < end;) {
        const off_t data = ::lseek(file_.get(), static_cast<off_t>(place), SEEK_DATA);
        if (data < 0 || static_cast<std::uint64_t>(data) >= end) return;
        const off_t hole = ::lseek(file_.get(), data, SEEK_HOLE);
        const std::uint64_t size = std::min({static_cast<std::uint64_t>(hole - data),
                                             end - static_cast<std::uint64_t>(data), read_at_once});
        const ssize_t count = ::pread(file_.get(), records.get(), size, data);
        if (count <= 0) fail("read");
        const std::uint64_t first = (static_cast<std::uint64_t>(data) - start) / 8;
        for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count) / 8; ++i)
            if (records[i] != 0) visit(address + LEAKCHECK_RECORD_OFFSET(first + i), records[i]);
        place = static_cast<std::uint64_t>(data) + static_cast<std::uint64_t>(count);
    }
}

}  // namespace leakcheck
