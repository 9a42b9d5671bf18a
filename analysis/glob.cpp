// SPDX-License-Identifier: Apache-2.0
#include "analysis/glob.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace leakcheck {
namespace {

// Behind the bracket expression that begins at `open`; npos where it does not end. A closing bracket that
// comes first stands for itself.
std::size_t skip_bracket(std::string_view glob, std::size_t open) {
    std::size_t at = open + 1;
    if (at < glob.size() && (glob[at] == '!' || glob[at] == '^')) ++at;
    if (at < glob.size() && glob[at] == ']') ++at;
    const std::size_t close = glob.find(']', at);
    return close == std::string_view::npos ? close : close + 1;
}

}  // namespace

bool matches_glob(const std::string& glob, std::string_view name) {
    return fnmatch(glob.c_str(), std::string(name).c_str(), 0) == 0;
}

std::string glob_fault(std::string_view glob) {
    if (glob.empty()) return "is empty";
    for (std::size_t at = 0; at < glob.size();) {
        if (glob[at] == '\\') {
            if (at + 1 == glob.size()) return "ends with a backslash";
            at += 2;
        } else if (glob[at] == '[') {
            at = skip_bracket(glob, at);
            if (at == std::string_view::npos) return "has a [ without its ]";
        } else {
            ++at;
        }
    }
    return {};
}

std::size_t count_literals(std::string_view glob) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < glob.size();) {
        if (glob[at] == '[') {
            at = std::min(skip_bracket(glob, at), glob.size());
            continue;
        }
        const bool is_escaped = glob[at] == '\\';
        if (is_escaped) ++at;
        if (at < glob.size() && (is_escaped || (glob[at] != '*' && glob[at] != '?'))) ++count;
        ++at;
    }
    return count;
}

}  // namespace leakcheck
