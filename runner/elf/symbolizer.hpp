// SPDX-License-Identifier: Apache-2.0
//
// From addresses to source: which object was mapped where and when, and what its symbols and debug
// information say. Addresses are those of the traced process; times are CLOCK_MONOTONIC nanoseconds.
// Thread safety: none; one thread uses a symbolizer. Errors: a file that is gone, unreadable or broken
// yields frames with less in them, never a failure; each such file is named once in `warnings()`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/report.hpp"
#include "analysis/snapshot.hpp"
#include "runner/elf/path_prefix_map.hpp"

namespace leakcheck {

// An executable mapping, as the kernel reported it when it was made.
struct Mapping {
    ProcessId process{};
    std::uint64_t start = 0;        // user address, inclusive
    std::uint64_t end = 0;          // exclusive
    std::uint64_t file_offset = 0;  // of `start`, bytes
    std::uint64_t time_ns = 0;      // when it was made; later ones hide earlier ones they overlap
    std::string path;               // as the kernel names it; "[vdso]" and "//anon" are not files
};

struct SymbolizerOptions {
    std::filesystem::path source_root;       // absolute, symlinks resolved
    std::vector<PathMapping> path_mappings;  // from what compilers recorded to where sources are
    std::vector<std::filesystem::path> debug_directories{"/usr/lib/debug"};
};

class Symbolizer {
  public:
    explicit Symbolizer(SymbolizerOptions options);
    ~Symbolizer();
    Symbolizer(const Symbolizer&) = delete;
    Symbolizer& operator=(const Symbolizer&) = delete;

    // The mappings of a process image, plus those it inherited: a forked child sees its parent's as of
    // the time of the fork.
    void add_process(const ProcessRecord& process);
    void add_mapping(Mapping mapping);

    // The frames of a stack, innermost first, inlined calls expanded (innermost inlined first, each
    // marked `inlined`; the last frame of such a group is the function that holds the code).
    // Return addresses are looked up at address-1, so that the line is that of the call;
    // Frame::address is the return address itself (an offset in the file where that cannot be read).
    std::vector<Frame> symbolize(const StackRecord& stack);

    // Where the body of a GoogleTest test is defined: the file and line of its TestBody(), looked for in
    // what the main process mapped, then in the rest. The names are those GoogleTest shows:
    // parameterised ("Prefix/Suite", "Test/0") and typed ("Suite/0", "Test") ones are understood.
    std::optional<SourceLocation> test_definition(const std::string& suite,
                                                  const std::string& test);

    // The variable that is at the beginning of a path: RootKind::static_data or thread_data. Empty where it is
    // not known, and for other roots.
    Variable variable(const HoldingRoot& root);

    const std::vector<std::string>& warnings() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace leakcheck
