// SPDX-License-Identifier: Apache-2.0
#include "runner/record/recording.hpp"

namespace leakcheck {

Recording make_recording(const Snapshot& snapshot, const RunFacts& facts,
                         const SymbolizeFn& symbolize, const TestDefinitionFn& test_definition) {
    Recording recording{snapshot, facts, {}, {}};
    std::map<StackId, const StackRecord*> records;
    for (const StackRecord& stack : snapshot.stacks) records.emplace(stack.id, &stack);
    const auto keep_symbols = [&](StackId stack) {
        const auto record = records.find(stack);
        if (record == records.end() || recording.symbols.count(stack) != 0) return;
        recording.symbols.emplace(stack, symbolize(*record->second));
    };
    for (const LiveGroup& group : snapshot.live) {
        keep_symbols(group.stack);
        for (const HoldingBlock& block : group.held_by.blocks) keep_symbols(block.stack);
    }
    for (const OwnerRecord& owner : snapshot.owners) {
        const std::pair name(owner.suite, owner.test);
        if (owner.kind != OwnerKind::test || recording.test_definitions.count(name) != 0) continue;
        if (const auto definition = test_definition(owner.suite, owner.test)) {
            recording.test_definitions.emplace(name, *definition);
        }
    }
    return recording;
}

SymbolizeFn recorded_symbols(const Recording& recording) {
    return [&recording](const StackRecord& stack) {
        const auto found = recording.symbols.find(stack.id);
        return found == recording.symbols.end() ? std::vector<Frame>() : found->second;
    };
}

TestDefinitionFn recorded_definitions(const Recording& recording) {
    return [&recording](const std::string& suite, const std::string& test) {
        const auto found = recording.test_definitions.find({suite, test});
        return found == recording.test_definitions.end() ? std::nullopt
                                                         : std::optional(found->second);
    };
}

Report replay(const Recording& recording, const AnalysisOptions& options) {
    return analyse(recording.snapshot, recording.facts, options, recorded_symbols(recording),
                   recorded_definitions(recording));
}

}  // namespace leakcheck
