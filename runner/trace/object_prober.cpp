// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/object_prober.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "runner/elf/gtest_sites.hpp"
#include "runner/trace/dynamic_symbol.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

bool is_dynamic_linker(const std::string& path) {
    const std::string name = std::filesystem::path(path).filename().string();
    return name.rfind("ld-linux", 0) == 0 || name.rfind("ld-2.", 0) == 0;
}

}  // namespace

void ObjectProber::probe(const std::vector<ProcessMap>& maps) {
    for (const ProcessMap& map : maps) {
        if (map.inode == 0 || !seen_.emplace(map.device, map.inode).second) continue;
        if (is_dynamic_linker(map.path))
            probe_linker(map.path);
        else
            probe_googletest(map.path);
    }
}

void ObjectProber::probe_googletest(const std::string& path) {
    const TestSites found = find_test_sites(path);
    found_googletest_ = found_googletest_ || found.has_googletest;
    if (found.sites.empty()) {
        if (!found.note.empty()) note_ = found.note;
        return;
    }
    if (const std::string problem = session_.attach_test_sites(path, found.sites); problem.empty())
        found_sites_ = true;
    else
        note_ = problem;
}

void ObjectProber::probe_linker(const std::string& path) {
    constexpr const char* kNotification = "_dl_debug_state";  // called after each change; see link.h, r_brk
    try {
        if (session_.attach_library_change(path, symbol_file_offset(path, kNotification))) return;
    } catch (const TraceError&) {
        // Said below, like a probe that is refused.
    }
    warnings_.push_back(fmt::format(
        "{} does not tell of loaded and unloaded libraries: stacks through a library that took the place of "
        "another may be mixed up", path));
}

TestDiscovery ObjectProber::discovery() const {
    if (found_sites_) return TestDiscovery::brackets;
    return found_googletest_ ? TestDiscovery::not_found : TestDiscovery::no_framework;
}

}  // namespace leakcheck
