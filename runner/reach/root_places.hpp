// SPDX-License-Identifier: Apache-2.0
//
// What the roots of a process are: whose stack, which object's data. Noted while it stands still, asked for
// afterwards. Thread safety: const once filled.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/holding_path.hpp"
#include "runner/reach/address_ranges.hpp"

namespace leakcheck::reach {

struct RootPlace {
    RootKind kind = RootKind::memory;
    AddressRange range;
    std::uint64_t object_address = 0;  // of the range's beginning: see HoldingRoot
    int thread = 0;                    // its id; 0: of no thread
    std::string object{};              // HoldingRoot
};

class RootPlaces {
  public:
    // What is added first hides what is added later at the same address.
    void add(RootPlace place) { places_.push_back(std::move(place)); }
    void add_thread(int id, bool is_main) { is_main_[id] = is_main; }

    // `where`: as RootPointer has it.
    HoldingRoot describe(std::uint64_t where) const;

  private:
    HoldingRoot of_thread(RootKind kind, int id) const;

    std::vector<RootPlace> places_;
    std::map<int, bool> is_main_;  // by the ids of all threads
};

}  // namespace leakcheck::reach
