// SPDX-License-Identifier: Apache-2.0
//
// The executable mappings of a live process, from /proc/PID/maps (format: proc(5)).
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
};

// Lines that are not of the format are skipped; mappings that are not executable too.
std::vector<ProcessMap> parse_process_maps(std::istream& maps);
// Empty if the process is gone.
std::vector<ProcessMap> read_process_maps(int pid);

}  // namespace leakcheck
