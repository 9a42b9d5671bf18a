// SPDX-License-Identifier: Apache-2.0
//
// Sets of addresses, as lists of half-open ranges. The functions take lists that are sorted and whose ranges are
// not empty and do not overlap, and give such lists; linear in both. Thread safety: free functions.
#pragma once

#include <cstdint>
#include <vector>

namespace leakcheck::reach {

struct AddressRange {
    std::uint64_t start = 0;
    std::uint64_t end = 0;

    std::uint64_t size() const { return end - start; }
    bool contains(std::uint64_t address) const { return address >= start && address < end; }
    bool operator==(const AddressRange&) const = default;
};

using AddressRanges = std::vector<AddressRange>;

// Makes such a list of any ranges: sorts and joins them, and drops those that are empty or upside down.
AddressRanges normalized(AddressRanges ranges);
AddressRanges joined(const AddressRanges& some, const AddressRanges& others);
AddressRanges intersection(const AddressRanges& some, const AddressRanges& others);
AddressRanges difference(const AddressRanges& from, const AddressRanges& without);

// The first range that ends above the address, by binary search.
AddressRanges::const_iterator first_ending_above(const AddressRanges& ranges,
                                                 std::uint64_t address);
// The range that holds the address, or null.
const AddressRange* range_at(const AddressRanges& ranges, std::uint64_t address);
std::uint64_t total_size(const AddressRanges& ranges);

}  // namespace leakcheck::reach
