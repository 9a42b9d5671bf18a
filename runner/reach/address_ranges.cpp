// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/address_ranges.hpp"

#include <algorithm>

namespace leakcheck::reach {

AddressRanges normalized(AddressRanges ranges) {
    std::erase_if(ranges, [](const AddressRange& range) { return range.start >= range.end; });
    std::sort(ranges.begin(), ranges.end(), [](const AddressRange& one, const AddressRange& two) {
        return one.start < two.start;
    });
    AddressRanges result;
    for (const AddressRange& range : ranges) {
        if (!result.empty() && range.start <= result.back().end) {
            result.back().end = std::max(result.back().end, range.end);
        } else {
            result.push_back(range);
        }
    }
    return result;
}

AddressRanges joined(const AddressRanges& some, const AddressRanges& others) {
    AddressRanges all = some;
    all.insert(all.end(), others.begin(), others.end());
    return normalized(std::move(all));
}

AddressRanges intersection(const AddressRanges& some, const AddressRanges& others) {
    AddressRanges result;
    auto one = some.begin();
    auto two = others.begin();
    while (one != some.end() && two != others.end()) {
        const std::uint64_t start = std::max(one->start, two->start);
        const std::uint64_t end = std::min(one->end, two->end);
        if (start < end) result.push_back({start, end});
        if (one->end < two->end) {
            ++one;
        } else {
            ++two;
        }
    }
    return result;
}

AddressRanges difference(const AddressRanges& from, const AddressRanges& without) {
    AddressRanges result;
    auto hole = without.begin();
    for (AddressRange range : from) {
        while (hole != without.end() && hole->end <= range.start) ++hole;
        for (auto next = hole; next != without.end() && next->start < range.end; ++next) {
            if (range.start < next->start) result.push_back({range.start, next->start});
            range.start = std::min(next->end, range.end);
            if (next->end > range.end) break;
            hole = next;
        }
        if (range.start < range.end) result.push_back(range);
    }
    return result;
}

AddressRanges::const_iterator first_ending_above(const AddressRanges& ranges,
                                                 std::uint64_t address) {
    return std::partition_point(ranges.begin(), ranges.end(),
                                [&](const AddressRange& range) { return range.end <= address; });
}

const AddressRange* range_at(const AddressRanges& ranges, std::uint64_t address) {
    const auto found = first_ending_above(ranges, address);
    return found != ranges.end() && found->contains(address) ? &*found : nullptr;
}

std::uint64_t total_size(const AddressRanges& ranges) {
    std::uint64_t sum = 0;
    for (const AddressRange& range : ranges) sum += range.size();
    return sum;
}

}  // namespace leakcheck::reach
