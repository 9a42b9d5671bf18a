// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/memory_kinds.hpp"

#include <string_view>

namespace leakcheck::reach {
namespace {

// Anonymous memory with a name that the program gave it (prctl(2), PR_SET_VMA_ANON_NAME).
bool is_named(const ProcessMap& map) {
    return map.path.starts_with("[anon:") || map.path.starts_with("[anon_shmem:");
}

bool is_device(const ProcessMap& map) {
    const std::string_view path = map.path;
    if (path.starts_with("anon_inode:")) return true;
    return path.starts_with("/dev/") && !path.starts_with("/dev/shm/") &&
           !path.starts_with("/dev/zero") && !path.starts_with("/dev/hugepages");
}

bool is_lent_by_kernel(const ProcessMap& map) {
    return map.path.starts_with("[") && !is_break_heap(map) && !is_main_stack(map) &&
           !is_named(map);
}

}  // namespace

bool is_anonymous(const ProcessMap& map) {
    return map.inode == 0 && !map.shared &&
           (map.path.empty() || is_break_heap(map) || is_main_stack(map) || is_named(map));
}

bool is_break_heap(const ProcessMap& map) {
    return map.path == "[heap]";
}

bool is_main_stack(const ProcessMap& map) {
    return map.path == "[stack]";
}

bool is_shared_memory(const ProcessMap& map) {
    return map.shared && (map.path.starts_with("/memfd:") || map.path.starts_with("/dev/shm/") ||
                          map.path.starts_with("/SYSV") || map.path.starts_with("/dev/zero") ||
                          map.path.starts_with("[anon_shmem:"));
}

bool may_hold_pointers(const ProcessMap& map) {
    return map.readable && !is_device(map) && !is_lent_by_kernel(map);
}

}  // namespace leakcheck::reach
