// SPDX-License-Identifier: Apache-2.0
//
// From an executable mapping to the object file that it shows a part of: where its other parts lie follows
// from its program headers. The kernel's own object, the vDSO, is read from this process: it is the same in
// all. Thread safety: none. Errors: a file that cannot be read is counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runner/elf/symbolizer.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck::oracle {

// An object in a process's memory.
struct Module {
    std::string name;        // as the kernel has it
    std::string file;        // to read it from
    std::uint64_t bias = 0;  // address in memory less address in the file
    std::uint64_t low = 0;
    std::uint64_t high = 0;  // exclusive
    // Where a stack ends though no call frame information says so, as return addresses; 0: nowhere.
    std::uint64_t entry = 0;        // the file's entry point, or behind its first instructions
    std::uint64_t context_end = 0;  // what functions started by makecontext return to (glibc)

    bool operator==(const Module&) const = default;
};

class ModuleFiles {
  public:
    // Nothing where the mapping is not of a readable ELF file.
    std::optional<Module> place(const Mapping& mapping);
    // Those of all mappings, each object once; of two that overlap the later stays.
    std::vector<Module> place_all(const std::vector<Mapping>& mappings);

    const std::unordered_set<std::string>& unreadable() const { return unreadable_; }

  private:
    struct Segment {
        std::uint64_t offset, address, file_size, memory_size, alignment;
    };
    struct File {
        std::string path;
        std::vector<Segment> segments;
        std::uint64_t entry = 0;
        std::uint64_t context_end = 0;
    };
    const File& look_into(const std::string& name);
    std::string path_of(const std::string& name);

    std::unordered_map<std::string, File> files_;
    std::unordered_set<std::string> unreadable_;
    UniqueFd vdso_;
};

}  // namespace leakcheck::oracle
