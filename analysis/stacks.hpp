// SPDX-License-Identifier: Apache-2.0
//
// The stacks that are reported, symbolized once each. Two stacks are the same to a reader, and so
// to the report, when their frames agree in module file name, function, file and line (and in the
// offset, where a frame has no function): children with other load addresses then share their
// parent's stack. Ownership: refers to the snapshot and the function. Thread safety: none; one
// thread uses it.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/analysis.hpp"

namespace leakcheck {

struct SymbolicStack {
    std::size_t number = 0;  // equal for stacks with the same frames
    StackStatus status = StackStatus::missing;
    std::vector<Frame> frames;
};

class Stacks {
  public:
    Stacks(const Snapshot& snapshot, const SymbolizeFn& symbolize);

    // A stack that is not on record, or has no frames, is missing. The reference stays valid.
    const SymbolicStack& get(StackId id);

  private:
    SymbolicStack make(StackId id);

    const SymbolizeFn& symbolize_;
    std::unordered_map<StackId, const StackRecord*> records_;
    std::unordered_map<StackId, SymbolicStack> known_;
    std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace leakcheck
