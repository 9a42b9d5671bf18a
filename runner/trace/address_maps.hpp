// SPDX-License-Identifier: Apache-2.0
//
// Tells the BPF programs which code each process image has mapped, and which unwind table covers it
// (leakcheck_address_map in abi/unwind_tables.h). A map is published whole; one that it replaces lies in memory
// that is used again only much later, under another generation, by which a walk that still reads it notices.
// Thread safety: none. Errors: a map for which there is no room is not published (false): stacks of that
// process are then without tables.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "abi/trace_maps.h"
#include "runner/trace/mapped_objects.hpp"
#include "runner/trace/unwind_tables.hpp"

namespace leakcheck {

class AddressMaps {
  public:
    // `entries_map`: by image id; its descriptor outlives the object.
    AddressMaps(int entries_map, UnwindMemory& memory, UnwindTables& tables)
        : entries_map_(entries_map), memory_(memory), tables_(tables) {}

    // What the image that said `event` has mapped.
    bool publish(const leakcheck_hello_event& event, const std::vector<MappedCode>& mapped);

  private:
    using Ranges = std::vector<leakcheck_address_range>;
    struct Published {
        std::uint32_t word = 0;
        std::uint32_t capacity = 0;  // ranges
        std::uint32_t replaced = 0;
        std::uint32_t fruitless = 0;  // looks at the process that found no change in files' code
        Ranges ranges;
    };

    Ranges make_ranges(const std::vector<MappedCode>& mapped);
    std::uint32_t take_memory(std::uint32_t capacity);
    void give_back(const Published& old);
    void write(std::uint32_t word, const leakcheck_address_map& head, const Ranges& ranges);

    int entries_map_;
    UnwindMemory& memory_;
    UnwindTables& tables_;
    std::uint32_t generation_ = 0;
    std::unordered_map<std::uint32_t, Published> published_;              // by image id
    std::map<std::uint32_t, std::deque<std::uint32_t>> replaced_memory_;  // by capacity, oldest first
};

}  // namespace leakcheck
