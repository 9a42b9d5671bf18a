// SPDX-License-Identifier: Apache-2.0
#include "runner/launch/environment_block.hpp"

#include <algorithm>

namespace leakcheck {
namespace {

bool names(const std::string& entry, const std::string& name) {
    return entry.size() > name.size() && entry[name.size()] == '=' &&
           entry.compare(0, name.size(), name) == 0;
}

}  // namespace

EnvironmentBlock::EnvironmentBlock(const char* const* environment) {
    for (; *environment != nullptr; ++environment) entries_.emplace_back(*environment);
}

std::optional<std::string> EnvironmentBlock::get(const std::string& name) const {
    for (const std::string& entry : entries_)
        if (names(entry, name)) return entry.substr(name.size() + 1);
    return std::nullopt;
}

void EnvironmentBlock::set(const std::string& name, const std::string& value) {
    const auto entry =
        std::find_if(entries_.begin(), entries_.end(),
                     [&](const std::string& candidate) { return names(candidate, name); });
    if (entry == entries_.end())
        entries_.push_back(name + "=" + value);
    else
        *entry = name + "=" + value;
}

void EnvironmentBlock::set_entry(const std::string& entry) {
    const std::size_t equals = entry.find('=');
    set(entry.substr(0, equals), entry.substr(equals + 1));
}

void EnvironmentBlock::unset(const std::string& name) {
    std::erase_if(entries_, [&](const std::string& entry) { return names(entry, name); });
}

void EnvironmentBlock::preload(const std::string& library) {
    const std::string others = get("LD_PRELOAD").value_or("");
    set("LD_PRELOAD", others.empty() ? library : library + ":" + others);
}

}  // namespace leakcheck
