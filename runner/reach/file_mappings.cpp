// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/file_mappings.hpp"

namespace leakcheck::reach {

FileMappings::FileMappings(const std::vector<ProcessMap>& maps) {
    for (const ProcessMap& map : maps) {
        if (map.inode == 0) continue;
        if (map.readable) readable_.push_back({map.start, map.end});
        if (map.executable) code_.push_back({map.start, map.end});
    }
    code_ = normalized(std::move(code_));
}

const AddressRange* FileMappings::readable_at(std::uint64_t address) const {
    if (readable_.empty() || address < readable_.front().start || address >= readable_.back().end)
        return nullptr;
    return range_at(readable_, address);
}

}  // namespace leakcheck::reach
