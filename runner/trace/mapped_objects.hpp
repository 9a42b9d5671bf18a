// SPDX-License-Identifier: Apache-2.0
//
// The files behind the mappings of a process of the run: the very ones, even if their names have been deleted, taken
// by others, or belong to another mount namespace. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <compare>
#include <filesystem>
#include <optional>
#include <vector>

#include "runner/trace/process_maps.hpp"

namespace leakcheck {

// Tells a file from every other one of the run. The number of a deleted file may be given to a new one, so it
// is not enough.
struct ObjectId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;         // bytes
    std::int64_t modified_ns = 0;   // since 1970

    auto operator<=>(const ObjectId&) const = default;
};

struct MappedObject {
    ObjectId id;
    std::filesystem::path path;  // by which it can be opened
};

// An executable mapping, and what is mapped: nothing for what is no file, or cannot be reached.
struct MappedCode {
    ProcessMap map;
    std::optional<MappedObject> object;
};

// What a process has mapped executable now; empty if it is gone.
std::vector<MappedCode> read_mapped_code(int pid);

}  // namespace leakcheck
