// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/mapping_history.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace leakcheck::elf {

void MappingHistory::add_process(const ProcessRecord& process) {
    origins_[process.id] = {process.parent, process.start_ns, process.is_image};
    if (process.is_main) main_ = process.id;
}

void MappingHistory::add_mapping(Mapping mapping) {
    by_process_[mapping.process].add(mapping.start, mapping.end, mappings_.size());
    mappings_.push_back(std::move(mapping));
}

const Mapping* MappingHistory::find(ProcessId process, std::uint64_t address,
                                    std::uint64_t time_ns) {
    // At most every process once: records of a broken file may name each other as parents.
    for (std::size_t step = 0; step <= origins_.size(); ++step) {
        if (const Mapping* mapping = latest(process, address, time_ns)) return mapping;
        const auto origin = origins_.find(process);
        if (origin == origins_.end() || origin->second.is_image) return nullptr;
        process = origin->second.parent;
        time_ns = std::min(time_ns, origin->second.start_ns);
    }
    return nullptr;
}

const Mapping* MappingHistory::latest(ProcessId process, std::uint64_t address,
                                      std::uint64_t time_ns) {
    const auto mappings = by_process_.find(process);
    if (mappings == by_process_.end()) return nullptr;
    const Mapping* best = nullptr;
    std::size_t best_index = 0;
    mappings->second.visit(address, [&](std::uint64_t, std::size_t index) {
        const Mapping& mapping = mappings_[index];
        const bool later = best == nullptr ||
                           std::tie(mapping.time_ns, index) > std::tie(best->time_ns, best_index);
        if (mapping.time_ns <= time_ns && later) {
            best = &mapping;
            best_index = index;
        }
        return Visit::go_on;
    });
    return best;
}

std::vector<ProcessId> MappingHistory::main_line() const {
    std::vector<ProcessId> line;
    ProcessId process = main_;
    while (process != ProcessId{} && line.size() <= origins_.size()) {
        line.push_back(process);
        const auto origin = origins_.find(process);
        process = origin == origins_.end() ? ProcessId{} : origin->second.parent;
    }
    return line;
}

std::vector<std::string> MappingHistory::paths() const {
    std::vector<std::string> paths;
    std::unordered_set<std::string> seen;
    const auto take = [&](const auto& wanted) {
        for (const Mapping& mapping : mappings_) {
            if (wanted(mapping) && seen.insert(mapping.path).second) paths.push_back(mapping.path);
        }
    };
    for (const ProcessId process : main_line()) {
        take([&](const Mapping& mapping) { return mapping.process == process; });
    }
    take([](const Mapping&) { return true; });
    return paths;
}

}  // namespace leakcheck::elf
