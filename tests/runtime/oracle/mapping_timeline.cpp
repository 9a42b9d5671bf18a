// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/mapping_timeline.hpp"

#include <algorithm>

namespace leakcheck::oracle {
namespace {

bool overlap(const Mapping& a, const Mapping& b) {
    return a.start < b.end && b.start < a.end;
}

std::vector<Mapping>::const_iterator made_after(const std::vector<Mapping>& mappings,
                                                std::uint64_t time_ns) {
    return std::upper_bound(
        mappings.begin(), mappings.end(), time_ns,
        [](std::uint64_t time, const Mapping& mapping) { return time < mapping.time_ns; });
}

}  // namespace

MappingTimeline::MappingTimeline(const std::vector<ProcessRecord>& processes,
                                 std::vector<Mapping> mappings) {
    for (const ProcessRecord& process : processes) processes_.emplace(process.id, process);
    for (Mapping& mapping : mappings) own_[mapping.process].push_back(std::move(mapping));
}

const std::vector<Mapping>& MappingTimeline::all(ProcessId process) {
    if (const auto known = all_.find(process); known != all_.end()) return known->second;
    std::vector<Mapping> result;
    const auto record = processes_.find(process);
    if (record != processes_.end() && !record->second.is_image &&
        record->second.parent != ProcessId{}) {
        const std::vector<Mapping>& parents = all(record->second.parent);
        result.assign(parents.begin(), made_after(parents, record->second.start_ns));
    }
    if (const auto own = own_.find(process); own != own_.end())
        result.insert(result.end(), own->second.begin(), own->second.end());
    std::stable_sort(result.begin(), result.end(),
                     [](const Mapping& a, const Mapping& b) { return a.time_ns < b.time_ns; });
    return all_.emplace(process, std::move(result)).first->second;
}

std::size_t MappingTimeline::version(ProcessId process, std::uint64_t time_ns) {
    const std::vector<Mapping>& mappings = all(process);
    return static_cast<std::size_t>(made_after(mappings, time_ns) - mappings.begin());
}

std::vector<Mapping> MappingTimeline::at(ProcessId process, std::uint64_t time_ns) {
    const std::vector<Mapping>& mappings = all(process);
    std::vector<Mapping> result;
    for (auto made = mappings.begin(); made != made_after(mappings, time_ns); ++made) {
        result.erase(std::remove_if(result.begin(), result.end(),
                                    [&](const Mapping& older) { return overlap(older, *made); }),
                     result.end());
        result.push_back(*made);
    }
    return result;
}

}  // namespace leakcheck::oracle
