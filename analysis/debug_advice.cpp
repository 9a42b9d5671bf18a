// SPDX-License-Identifier: Apache-2.0
#include "analysis/debug_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "analysis/frame_class.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t most_modules = 3;

using Modules = std::unordered_set<std::string>;

// A function of assembly code has no lines though its module has debug information.
Modules modules_with_lines(const std::vector<Leak>& leaks) {
    Modules modules;
    for (const Leak& leak : leaks) {
        for (const Frame& frame : leak.stack) {
            if (!frame.file.empty()) modules.insert(frame.module);
        }
    }
    return modules;
}

bool is_of_interest(const Frame& frame) {
    switch (classify_frame(frame)) {
        case FrameClass::other:
        case FrameClass::googletest:
            return !frame.module.empty();
        default:
            return false;
    }
}

std::string module_text(const Frame& frame) {
    if (frame.build_id.empty()) return frame.module;
    return fmt::format("{} (build id {})", frame.module.str(), frame.build_id.str());
}

// One for each module.
std::vector<const Frame*> sites_without_lines(const std::vector<Leak>& leaks) {
    Modules seen = modules_with_lines(leaks);
    std::vector<const Frame*> sites;
    for (const Leak& leak : leaks) {
        if (is_held(leak) || leak.site_frame >= leak.stack.size()) continue;
        const Frame& site = leak.stack[leak.site_frame];
        if (is_of_interest(site) && seen.insert(site.module).second) sites.push_back(&site);
    }
    return sites;
}

}  // namespace

std::optional<std::string> advise_debug_information(const std::vector<Leak>& leaks) {
    const std::vector<const Frame*> sites = sites_without_lines(leaks);
    if (sites.empty()) return std::nullopt;
    std::string modules;
    for (std::size_t i = 0; i < std::min(sites.size(), most_modules); ++i) {
        modules += (i > 0 ? ", " : "") + module_text(*sites[i]);
    }
    if (sites.size() > most_modules) {
        modules += fmt::format(" and {} more", sites.size() - most_modules);
    }
    return fmt::format(
        "no debug information for {}: leaks there have no line; build with -g, install the debug "
        "package, or name a debuginfod server in DEBUGINFOD_URLS",
        modules);
}

}  // namespace leakcheck
