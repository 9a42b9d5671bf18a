// SPDX-License-Identifier: Apache-2.0
//
// The file behind a mapping of a process of the run: the very one, even if its name has been deleted, taken
// by another one, or belongs to another mount namespace. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <compare>
#include <filesystem>
#include <optional>

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

// Nothing for what is no file, or cannot be reached.
std::optional<MappedObject> find_mapped_object(int pid, const ProcessMap& map);

}  // namespace leakcheck
