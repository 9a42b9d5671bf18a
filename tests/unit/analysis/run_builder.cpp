// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/run_builder.hpp"

#include <utility>

namespace leakcheck::testing_support {

Frame frame(const std::string& function, const std::string& file, std::uint32_t line) {
    Frame result;
    result.function = function;
    result.file = file;
    result.line = line;
    result.module = "/opt/app/unit_tests";
    return result;
}

Frame own_frame(const std::string& function, const std::string& file, std::uint32_t line) {
    Frame result = frame(function, file, line);
    result.in_project = true;
    return result;
}

Frame module_frame(const std::string& module, std::uint64_t address) {
    Frame result;
    result.module = module;
    result.address = address;
    return result;
}

RunBuilder::RunBuilder() {
    snapshot.engine = "sampler";
    snapshot.command = {"./unit_tests"};
    snapshot.sampling.mode = "1:1";
    snapshot.taken_ns = 2'000'000'000;
    snapshot.discovery = TestDiscovery::brackets;
    ProcessRecord& process = add_process(ProcessId{}, 1000, "./unit_tests");
    process.is_main = true;
    process.is_image = true;
}

ProcessRecord& RunBuilder::main() {
    return snapshot.processes.front();
}

ProcessRecord& RunBuilder::add_process(ProcessId parent, int pid, const std::string& command) {
    ProcessRecord process;
    process.id = ProcessId{static_cast<std::uint32_t>(snapshot.processes.size()) + 1};
    process.parent = parent;
    process.pid = pid;
    process.sampled = true;
    process.end = ProcessEnd::exited;
    process.start_ns = snapshot.processes.size();
    process.end_ns = 1'000'000'000;
    process.command = command;
    snapshot.processes.push_back(process);
    return snapshot.processes.back();
}

OwnerId RunBuilder::add_owner(OwnerKind kind, const std::string& suite, const std::string& test) {
    const auto position = snapshot.owners.size() + 1;
    const OwnerId id{static_cast<std::uint32_t>(position)};
    snapshot.owners.push_back({id, kind, suite, test, false, 1, position});
    return id;
}

OwnerId RunBuilder::add_test(const std::string& suite, const std::string& test) {
    return add_owner(OwnerKind::test, suite, test);
}

StackId RunBuilder::add_stack(std::vector<Frame> frames, StackStatus status, ProcessId process) {
    const StackId id{snapshot.stacks.size() + 1};
    snapshot.stacks.push_back({id, process, status, 0, {0x1000, 0x2000}});
    frames_[id] = std::move(frames);
    return id;
}

NoteId RunBuilder::add_note(NoteKind kind, OwnerId owner, std::uint64_t bytes, std::uint64_t blocks,
                            const std::string& text) {
    const NoteId id{static_cast<std::uint32_t>(snapshot.notes.size()) + 1};
    snapshot.notes.push_back({id, kind, main_process, owner, bytes, blocks, text});
    return id;
}

LiveGroup& RunBuilder::add_live(OwnerId owner, StackId stack, std::uint64_t blocks,
                                std::uint64_t size, double weight) {
    LiveGroup group;
    group.process = main_process;
    group.owner = owner;
    group.stack = stack;
    group.weight = weight;
    group.blocks = blocks;
    group.bytes = blocks * size;
    group.bytes_squared = static_cast<double>(blocks) * static_cast<double>(size * size);
    group.largest = size;
    snapshot.live.push_back(group);
    return snapshot.live.back();
}

void RunBuilder::add_total(OwnerId owner, std::uint64_t blocks, std::uint64_t bytes, double weight,
                           StackId stack) {
    snapshot.totals.push_back({main_process, owner, stack, blocks, bytes, 0, 0,
                               weight * static_cast<double>(blocks),
                               weight * static_cast<double>(bytes)});
}

Report RunBuilder::analyse() {
    return conclude(examine());
}

Findings RunBuilder::examine() {
    const auto symbolize = [this](const StackRecord& stack) {
        ++symbolized[stack.id];
        return frames_.at(stack.id);
    };
    return leakcheck::examine(snapshot, facts, options, symbolize);
}

Report RunBuilder::conclude(Findings findings) {
    const auto definition = [this](const std::string& suite, const std::string& test) {
        definitions.push_back(suite + "." + test);
        return std::optional(SourceLocation{"TestBody", suite + ".cpp", 7});
    };
    return leakcheck::conclude(std::move(findings), options, definition);
}

}  // namespace leakcheck::testing_support
