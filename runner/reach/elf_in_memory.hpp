// SPDX-License-Identifier: Apache-2.0
//
// The loaded objects of a process, as their program headers in memory tell: which addresses an object has, with
// the .bss, which /proc/PID/maps shows as anonymous memory or as part of a neighbour's. Thread safety: free functions.
#pragma once

#include <string>
#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/memory.hpp"
#include "runner/trace/process_maps.hpp"

namespace leakcheck::reach {

struct LoadedObject {
    std::string path;
    AddressRange extent;          // whole pages, from its first segment to its last
    std::uint64_t tls_bytes = 0;  // of its thread-local storage for each thread, alignment included
    std::uint64_t tls_size = 0;   // the same without
    std::uint64_t first_address = 0;  // of the extent, in the object's own address space
};

// Objects whose beginning is not mapped or is no ELF header are left out.
std::vector<LoadedObject> loaded_objects(const std::vector<ProcessMap>& maps, const Memory& memory);

}  // namespace leakcheck::reach
