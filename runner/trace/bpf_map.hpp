// SPDX-License-Identifier: Apache-2.0
//
// Reading a BPF hash map whole, in batches. Entries that come or go meanwhile may or may not be seen;
// those that are there all the time are seen once.
#pragma once

#include <bpf/bpf.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "runner/trace/trace_error.hpp"

namespace leakcheck {

// Calls visit(const Key&, const Value&) for each entry. Errors: TraceError.
template <typename Key, typename Value, typename Visit>
void for_each_entry(int map_fd, const Visit& visit) {
    std::uint32_t capacity = 4096;
    std::vector<Key> keys(capacity);
    std::vector<Value> values(capacity);
    std::uint32_t position = 0;  // opaque to us: where the kernel goes on
    std::uint32_t next = 0;
    for (bool first = true, more = true; more;) {
        std::uint32_t count = capacity;
        const int error = bpf_map_lookup_batch(map_fd, first ? nullptr : &position, &next,
                                               keys.data(), values.data(), &count, nullptr);
        if (error == -ENOSPC) {  // one bucket holds more than a batch
            capacity *= 2;
            keys.resize(capacity);
            values.resize(capacity);
            continue;
        }
        if (error != 0 && error != -ENOENT)
            throw TraceError(std::string("cannot read a BPF map: ") + std::strerror(-error));
        for (std::uint32_t i = 0; i < count; ++i) visit(keys[i], values[i]);
        more = error == 0;
        position = next;
        first = false;
    }
}

}  // namespace leakcheck
