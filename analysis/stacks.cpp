// SPDX-License-Identifier: Apache-2.0
#include "analysis/stacks.hpp"

#include <fmt/format.h>

#include <iterator>

#include "analysis/frame_class.hpp"

namespace leakcheck {
namespace {

// NUL cannot occur in a name or path, so that no two lists of frames read alike.
std::string identity(const std::vector<Frame>& frames) {
    std::string text;
    for (const Frame& frame : frames) {
        const std::uint64_t offset = frame.function.empty() ? frame.address : 0;
        fmt::format_to(std::back_inserter(text), "{}{}{}{}{}{}{}{}{:x}\n", file_name(frame.module),
                       '\0', frame.function.str(), '\0', frame.file.str(), '\0', frame.line, '\0',
                       offset);
    }
    return text;
}

}  // namespace

Stacks::Stacks(const Snapshot& snapshot, const SymbolizeFn& symbolize) : symbolize_(symbolize) {
    for (const StackRecord& record : snapshot.stacks) records_.emplace(record.id, &record);
}

const SymbolicStack& Stacks::get(StackId id) {
    const auto found = known_.find(id);
    return found != known_.end() ? found->second : known_.emplace(id, make(id)).first->second;
}

SymbolicStack Stacks::make(StackId id) {
    SymbolicStack stack;
    const auto record = records_.find(id);
    if (record != records_.end() && !record->second->frames.empty()) {
        stack.frames = symbolize_(*record->second);
        if (!stack.frames.empty()) stack.status = record->second->status;
    }
    stack.number = numbers_.try_emplace(identity(stack.frames), numbers_.size()).first->second;
    return stack;
}

}  // namespace leakcheck
