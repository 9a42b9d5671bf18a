// SPDX-License-Identifier: Apache-2.0
#include "analysis/processes.hpp"

#include <fmt/format.h>

#include "analysis/frame_class.hpp"

namespace leakcheck {

Processes::Processes(const Snapshot& snapshot) {
    for (const ProcessRecord& process : snapshot.processes) {
        by_id_.emplace(process.id, &process);
        if (process.is_main) main_ = &process;
    }
}

const ProcessRecord* Processes::find(ProcessId id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const ProcessRecord* Processes::parent(const ProcessRecord& process) const {
    return find(process.parent);
}

// The walks to the ancestors take no more steps than there are processes: a broken record may lead
// them round in a circle.
bool Processes::in_death_test(const ProcessRecord& process) const {
    const ProcessRecord* at = &process;
    for (std::size_t steps = by_id_.size(); at != nullptr && steps > 0; --steps) {
        if (at->death_test_child) return true;
        at = parent(*at);
    }
    return false;
}

std::string Processes::program(const ProcessRecord& process) const {
    const ProcessRecord* image = &process;
    for (std::size_t steps = by_id_.size(); !image->is_image && steps > 0; --steps) {
        const ProcessRecord* forked_from = parent(*image);
        if (forked_from == nullptr) break;
        image = forked_from;
    }
    const std::string_view command = image->command;
    return std::string(file_name(command.substr(0, command.find(' '))));
}

std::string process_label(const ProcessRecord& process) {
    if (process.is_main) return {};
    return fmt::format("child {}: {}", process.pid, process.command);
}

}  // namespace leakcheck
