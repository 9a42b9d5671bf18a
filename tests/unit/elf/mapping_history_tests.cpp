// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/mapping_history.hpp"

#include <gtest/gtest.h>

namespace leakcheck::elf {
namespace {

constexpr ProcessId kParent{1};
constexpr ProcessId kChild{2};
constexpr ProcessId kGrandchild{3};

Mapping mapping(ProcessId process, std::uint64_t start, std::uint64_t end, std::uint64_t time_ns,
                const std::string& path) {
    return {process, start, end, 0, time_ns, path};
}

ProcessRecord image(ProcessId id, ProcessId parent = {}) {
    ProcessRecord process;
    process.id = id;
    process.parent = parent;
    process.is_image = true;
    return process;
}

ProcessRecord forked(ProcessId id, ProcessId parent, std::uint64_t start_ns) {
    ProcessRecord process;
    process.id = id;
    process.parent = parent;
    process.start_ns = start_ns;
    return process;
}

std::string path_at(MappingHistory& history, ProcessId process, std::uint64_t address,
                    std::uint64_t time_ns) {
    const Mapping* found = history.find(process, address, time_ns);
    return found == nullptr ? "" : found->path;
}

TEST(MappingHistory, LaterMappingsHideEarlierOnes) {
    MappingHistory history;
    history.add_process(image(kParent));
    history.add_mapping(mapping(kParent, 0x1000, 0x5000, 10, "/first"));
    history.add_mapping(mapping(kParent, 0x3000, 0x7000, 20, "/second"));
    EXPECT_EQ(path_at(history, kParent, 0x2000, 30), "/first");
    EXPECT_EQ(path_at(history, kParent, 0x3000, 30), "/second");
    EXPECT_EQ(path_at(history, kParent, 0x6fff, 30), "/second");
    EXPECT_EQ(path_at(history, kParent, 0x7000, 30), "");
}

TEST(MappingHistory, LooksAtTheTimeOfTheStack) {
    MappingHistory history;
    history.add_process(image(kParent));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 30, "/third"));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 10, "/first"));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 20, "/second"));
    EXPECT_EQ(path_at(history, kParent, 0x1800, 9), "");
    EXPECT_EQ(path_at(history, kParent, 0x1800, 10), "/first");
    EXPECT_EQ(path_at(history, kParent, 0x1800, 29), "/second");
    EXPECT_EQ(path_at(history, kParent, 0x1800, 99), "/third");
}

TEST(MappingHistory, OfMappingsMadeAtOnceTheLastAddedCounts) {
    MappingHistory history;
    history.add_mapping(mapping(kParent, 0x2000, 0x4000, 10, "/first"));
    history.add_mapping(mapping(kParent, 0x1000, 0x4000, 10, "/second"));
    EXPECT_EQ(path_at(history, kParent, 0x2000, 10), "/second");
}

TEST(MappingHistory, AForkedChildSeesItsParentAsOfTheFork) {
    MappingHistory history;
    history.add_process(image(kParent));
    history.add_process(forked(kChild, kParent, 15));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 10, "/before"));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 20, "/after"));
    EXPECT_EQ(path_at(history, kChild, 0x1000, 30), "/before");
    EXPECT_EQ(path_at(history, kParent, 0x1000, 30), "/after");
    history.add_mapping(mapping(kChild, 0x1000, 0x2000, 25, "/own"));
    EXPECT_EQ(path_at(history, kChild, 0x1000, 24), "/before");
    EXPECT_EQ(path_at(history, kChild, 0x1000, 30), "/own");
}

TEST(MappingHistory, InheritsThroughSeveralForks) {
    MappingHistory history;
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 10, "/old"));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 30, "/new"));
    history.add_process(forked(kGrandchild, kChild, 40));
    history.add_process(forked(kChild, kParent, 20));
    history.add_process(image(kParent));
    EXPECT_EQ(path_at(history, kGrandchild, 0x1000, 50), "/old");
}

TEST(MappingHistory, AnExecutedImageStartsEmpty) {
    MappingHistory history;
    history.add_process(image(kParent));
    history.add_process(image(kChild, kParent));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 10, "/gone"));
    EXPECT_EQ(path_at(history, kChild, 0x1000, 50), "");
}

TEST(MappingHistory, SurvivesMissingAndCircularParents) {
    MappingHistory history;
    history.add_process(forked(kChild, kGrandchild, 10));
    EXPECT_EQ(path_at(history, kChild, 0x1000, 50), "");
    history.add_process(forked(kGrandchild, kChild, 10));
    EXPECT_EQ(path_at(history, kChild, 0x1000, 50), "");
    ProcessRecord self = forked(kParent, kParent, 10);
    self.is_main = true;
    history.add_process(self);
    EXPECT_EQ(path_at(history, kParent, 0x1000, 50), "");
    EXPECT_TRUE(history.paths().empty());
}

TEST(MappingHistory, NamesPathsOnceAndTheMainProcessFirst) {
    MappingHistory history;
    ProcessRecord main = image(kParent);
    main.is_main = true;
    history.add_process(image(kChild, kParent));
    history.add_process(main);
    history.add_mapping(mapping(kChild, 0x1000, 0x2000, 10, "/child"));
    history.add_mapping(mapping(kChild, 0x2000, 0x3000, 10, "/libc"));
    history.add_mapping(mapping(kParent, 0x1000, 0x2000, 10, "/main"));
    history.add_mapping(mapping(kParent, 0x2000, 0x3000, 10, "/libc"));
    EXPECT_EQ(history.paths(), (std::vector<std::string>{"/main", "/libc", "/child"}));
}

}  // namespace
}  // namespace leakcheck::elf
