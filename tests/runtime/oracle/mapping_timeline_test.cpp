// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/mapping_timeline.hpp"

#include <gtest/gtest.h>

namespace leakcheck::oracle {
namespace {

constexpr ProcessId kParent{1};
constexpr ProcessId kChild{2};

ProcessRecord process(ProcessId id, ProcessId parent, bool is_image, std::uint64_t start_ns) {
    ProcessRecord record;
    record.id = id;
    record.parent = parent;
    record.is_image = is_image;
    record.start_ns = start_ns;
    return record;
}

Mapping mapping(ProcessId owner, std::uint64_t start, std::uint64_t time_ns, const char* path) {
    return {owner, start, start + 0x1000, 0, time_ns, path};
}

std::string paths(MappingTimeline& timeline, ProcessId id, std::uint64_t time_ns) {
    std::string all;
    for (const Mapping& one : timeline.at(id, time_ns)) all += one.path;
    return all;
}

TEST(MappingTimeline, LaterMappingsHideEarlierOnes) {
    MappingTimeline timeline({process(kParent, {}, true, 0)},
                             {mapping(kParent, 0x1000, 10, "a"), mapping(kParent, 0x5000, 10, "b"),
                              mapping(kParent, 0x1800, 20, "c")});
    EXPECT_EQ(paths(timeline, kParent, 9), "");
    EXPECT_EQ(paths(timeline, kParent, 10), "ab");
    EXPECT_EQ(paths(timeline, kParent, 20), "bc");
    EXPECT_EQ(timeline.version(kParent, 9), 0u);
    EXPECT_EQ(timeline.version(kParent, 15), 2u);
    EXPECT_EQ(timeline.version(kParent, 20), 3u);
}

TEST(MappingTimeline, AForkedChildHasItsParentsAsOfTheFork) {
    MappingTimeline timeline({process(kParent, {}, true, 0), process(kChild, kParent, false, 15)},
                             {mapping(kParent, 0x1000, 10, "a"), mapping(kParent, 0x3000, 20, "b"),
                              mapping(kChild, 0x5000, 30, "c")});
    EXPECT_EQ(paths(timeline, kChild, 25), "a");
    EXPECT_EQ(paths(timeline, kChild, 30), "ac");
}

TEST(MappingTimeline, AnExecutedImageBeginsEmpty) {
    MappingTimeline timeline({process(kParent, {}, true, 0), process(kChild, kParent, true, 15)},
                             {mapping(kParent, 0x1000, 10, "a")});
    EXPECT_EQ(paths(timeline, kChild, 25), "");
}

TEST(MappingTimeline, UnknownProcessesHaveNothing) {
    MappingTimeline timeline({}, {});
    EXPECT_EQ(paths(timeline, kChild, 25), "");
}

}  // namespace
}  // namespace leakcheck::oracle
