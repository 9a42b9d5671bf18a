// SPDX-License-Identifier: Apache-2.0
//
// Whether a word looks like the address of a vtable: it points into a file's mapping, to words of which the first two
// that are not 0, within 21, point to code of a file. That is how memcheck decides it (mc_leakcheck.c), and
// what makes a pointer to a second base class count as a start pointer.
// Thread safety: none; each thread has one of its own. Answers are remembered.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "runner/reach/file_mappings.hpp"
#include "runner/reach/memory.hpp"

namespace leakcheck::reach {

class Vtables {
  public:
    // Both outlive the object.
    Vtables(const FileMappings& files, const Memory& memory) : files_(&files), memory_(&memory) {}

    bool is_vtable(std::uint64_t address);

  private:
    bool look(std::uint64_t address, const AddressRange& mapping) const;

    const FileMappings* files_;
    const Memory* memory_;
    std::unordered_map<std::uint64_t, bool> known_;
};

}  // namespace leakcheck::reach
