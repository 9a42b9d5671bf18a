// SPDX-License-Identifier: Apache-2.0
//
// From the kernel's maps to the records of a snapshot. Errors: TraceError when a map cannot be read.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "abi/trace_maps.h"
#include "analysis/snapshot.hpp"

namespace leakcheck {

using ProcessTable = std::unordered_map<std::uint32_t, leakcheck_process>;  // by image id

ProcessTable read_processes(int processes_map);

// `command_pid`: of the launched command. The copies that take a census are left out.
std::vector<ProcessRecord> describe_processes(const ProcessTable& processes, int command_pid);
std::vector<OwnerRecord> read_owners(int owners_map);  // "outside tests" included
std::vector<StackRecord> read_stacks(int stacks_map, int chunks_map);
std::vector<AllocationTotal> read_totals(int totals_map, const std::vector<LiveGroup>& live);
std::vector<NoteRecord> read_notes(int notes_map);

}  // namespace leakcheck
