// SPDX-License-Identifier: Apache-2.0
//
// The mappings of a live process, from /proc/PID/maps (format: proc(5)).
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace leakcheck {

struct ProcessMap {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint64_t file_offset = 0;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;  // 0: not a file
    std::string path;
    bool readable = false;
    bool writable = false;
    bool executable = false;
    bool shared = false;  // MAP_SHARED; otherwise what is written stays in the process
};

enum class MapsWanted { executable, all };

// By address, as the kernel lists them. Lines that are not of the format are skipped.
std::vector<ProcessMap> parse_process_maps(std::istream& maps,
                                           MapsWanted wanted = MapsWanted::executable);
// Empty if the process is gone.
std::vector<ProcessMap> read_process_maps(int pid, MapsWanted wanted = MapsWanted::executable);

}  // namespace leakcheck
