// SPDX-License-Identifier: Apache-2.0
//
// The process images of a run by id, and what follows from who started whom.
// Ownership: refers to the snapshot, which has to outlive it. Thread safety: const after
// construction.
#pragma once

#include <string>
#include <unordered_map>

#include "analysis/snapshot.hpp"

namespace leakcheck {

class Processes {
  public:
    explicit Processes(const Snapshot& snapshot);

    // nullptr for an id that is not on record.
    const ProcessRecord* find(ProcessId id) const;

    // The image of the launched command; nullptr if it left no record.
    const ProcessRecord* main() const { return main_; }

    // A child of a threadsafe death test, or anything it started.
    bool in_death_test(const ProcessRecord& process) const;

    // The file name of the program that the process runs; forked children run that of their parent.
    std::string program(const ProcessRecord& process) const;

  private:
    const ProcessRecord* parent(const ProcessRecord& process) const;

    std::unordered_map<ProcessId, const ProcessRecord*> by_id_;
    const ProcessRecord* main_ = nullptr;
};

// "child 1234: command"; empty for the main process.
std::string process_label(const ProcessRecord& process);

}  // namespace leakcheck
