// SPDX-License-Identifier: Apache-2.0
#include "reporters/places.hpp"

#include <gtest/gtest.h>

#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

SourceLocation place_of(const Report& report, const Leak& leak) {
    return annotated_place(report, TestIndex(report), leak);
}

TEST(Places, TheFirstFrameInsideTheProjectComesFirst) {
    const SourceLocation place = place_of(clean_report(), make_leak("Queue", "Push", 1, 1, 42));
    EXPECT_EQ(place.file, "src/queue.cpp");
    EXPECT_EQ(place.line, 42u);
    EXPECT_EQ(place.function, "make_node(Item const&)");
}

TEST(Places, TheSiteComesBeforeCodeInTheProjectThatIsNotMine) {
    Leak leak = make_leak("Queue", "Push", 1, 1, 42);
    leak.site_frame = 3;
    leak.site = {leak.stack[3].function, leak.stack[3].file, leak.stack[3].line};
    EXPECT_EQ(place_of(clean_report(), leak).line, 62u);
}

TEST(Places, ThenTheTestThenTheSiteThenAnyFrameThenTheCommand) {
    Report report = clean_report();
    report.source_root = "/home/dev/shop";
    Leak leak = make_leak("Queue", "Push", 1, 1, 42);
    for (Frame& frame : leak.stack) frame.in_project = false;
    EXPECT_EQ(place_of(report, leak).file, "tests/queue_test.cpp");
    EXPECT_EQ(place_of(report, leak).line, 16u);

    leak.test.reset();
    EXPECT_EQ(place_of(report, leak).line, 42u);
    leak.site = {};
    EXPECT_EQ(place_of(report, leak).line, 441u) << "the first frame that has a line";

    leak.stack.clear();
    EXPECT_EQ(place_of(report, leak).file, "build/unit_tests");
    EXPECT_EQ(place_of(report, leak).line, 1u);
    report.command = {"/home/dev/shop/bin/t"};
    EXPECT_EQ(place_of(report, leak).file, "bin/t");
    report.command.clear();
    EXPECT_EQ(place_of(report, leak).file, "unknown");
}

TEST(Places, FramesWithoutALineAreNamedByModuleAndOffset) {
    Frame frame;
    frame.address = 0x1234;
    EXPECT_EQ(frame_place(frame), "0x1234");
    frame.module = "/usr/lib/libfoo.so.1";
    EXPECT_EQ(frame_place(frame), "libfoo.so.1+0x1234");
    frame.build_id = "4f1c20d9";
    EXPECT_EQ(frame_place(frame), "libfoo.so.1+0x1234 (BuildId: 4f1c20d9)");
    frame.file = "src/a.cpp";
    EXPECT_EQ(frame_place(frame), "src/a.cpp");
    frame.line = 7;
    EXPECT_EQ(frame_place(frame), "src/a.cpp:7");
    EXPECT_EQ(frame_line(frame), "src/a.cpp:7");
    frame.function = "f(int)";
    frame.inlined = true;
    EXPECT_EQ(frame_line(frame), "f(int) at src/a.cpp:7 (inlined)");
}

TEST(Places, ALeakWithoutStackHasAnUnknownSite) {
    EXPECT_EQ(site_place(Leak{}), "an unknown place");
}

TEST(Places, TellingFramesStartAtTheSiteAndEndWithTheProject) {
    const Leak leak = make_leak("Queue", "Push", 1, 1, 42);
    const FrameRange range = telling_frames(leak, 12);
    EXPECT_EQ(range.first, 2u);
    EXPECT_EQ(range.last, 5u);
    EXPECT_EQ(telling_frames(leak, 2).last, 4u);
    Leak foreign = leak;
    for (Frame& frame : foreign.stack) frame.in_project = false;
    EXPECT_EQ(telling_frames(foreign, 100).last, foreign.stack.size());
    foreign.site_frame = 1000;
    EXPECT_EQ(telling_frames(foreign, 100).first, 0u);
    EXPECT_EQ(telling_frames(Leak{}, 12).last, 0u);
}

TEST(Places, TheCommandIsNamedByItsFile) {
    Report report;
    EXPECT_EQ(command_name(report), "process");
    report.command = {"./build/unit\ttests"};
    EXPECT_EQ(command_name(report), "unit\\ttests");
}

}  // namespace
}  // namespace leakcheck
