// SPDX-License-Identifier: Apache-2.0
//
// Which addresses are of files mapped into a process, and which of them are code. Thread safety: const after
// construction.
#pragma once

#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/trace/process_maps.hpp"

namespace leakcheck::reach {

class FileMappings {
  public:
    explicit FileMappings(const std::vector<ProcessMap>& maps);

    // The mapping of a file that can be read there, or null.
    const AddressRange* readable_at(std::uint64_t address) const;
    bool is_code(std::uint64_t address) const { return range_at(code_, address) != nullptr; }

  private:
    AddressRanges readable_;  // not joined: each ends where its mapping ends
    AddressRanges code_;
};

}  // namespace leakcheck::reach
