// SPDX-License-Identifier: Apache-2.0
#include "runner/record/recording.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/unit/record/random_recording.hpp"

namespace leakcheck {
namespace {

using testing_support::full_recording;
using testing_support::random_recording;

std::string written(const Recording& recording) {
    std::ostringstream out;
    write_recording(recording, out);
    return out.str();
}

Recording read(const std::string& text) {
    std::istringstream in(text);
    return read_recording(in);
}

TEST(Recording, ComesBackAsItWas) {
    EXPECT_EQ(read(written(full_recording())), full_recording());
    EXPECT_EQ(read(written({})), Recording{});
}

TEST(Recording, ComesBackAsItWasWhateverItHolds) {
    const unsigned first_seed = std::random_device{}();
    for (unsigned seed = first_seed; seed < first_seed + 300; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        const Recording recording = random_recording(seed);
        EXPECT_TRUE(read(written(recording)) == recording);
    }
}

TEST(Recording, IsValidJsonWithFormatAndVersion) {
    const auto json = nlohmann::json::parse(written(full_recording()));
    EXPECT_EQ(json["format"], "leakcheck recording");
    EXPECT_EQ(json["version"], 4);
    EXPECT_EQ(json["snapshot"]["processes"][0]["end"], "signaled");
    EXPECT_EQ(json["snapshot"]["events"], UINT64_MAX);
    EXPECT_EQ(json["snapshot"]["processes"][0]["command"]["bytes"], "2e2f756e69745f746573747320ff");
}

TEST(Recording, IsTheSameTextForTheSameRun) {
    EXPECT_EQ(written(full_recording()), written(full_recording()));
}

TEST(Recording, LeavesAFailedStreamFailed) {
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    write_recording(full_recording(), out);
    EXPECT_TRUE(out.bad());
}

// A run of one test that leaks at one place, with a stack that leaks nothing besides.
Snapshot leaking_snapshot() {
    Snapshot snapshot;
    ProcessRecord process;
    process.id = ProcessId{1};
    process.is_main = process.is_image = process.sampled = true;
    process.end = ProcessEnd::exited;
    snapshot.processes = {process};
    snapshot.owners = {{OwnerId{1}, OwnerKind::test, "Suite", "Test", false, 1, 1},
                       {OwnerId{2}, OwnerKind::test, "Suite", "Test", false, 1, 2},
                       {OwnerId{3}, OwnerKind::suite_set_up, "Suite", "", false, 1, 0}};
    snapshot.stacks = {{StackId{1}, ProcessId{1}, StackStatus::complete, 0, {0x10}},
                       {StackId{2}, ProcessId{1}, StackStatus::complete, 0, {0x20}}};
    LiveGroup group;
    group.process = ProcessId{1};
    group.owner = OwnerId{1};
    group.stack = StackId{1};
    group.blocks = 1;
    group.bytes = group.largest = 64;
    snapshot.live = {group, group};
    return snapshot;
}

TEST(MakeRecording, AsksOnceForWhatTheReportMayNeed) {
    std::vector<StackId> stacks;
    std::vector<std::string> tests;
    const Recording recording = make_recording(
        leaking_snapshot(), {},
        [&stacks](const StackRecord& stack) {
            stacks.push_back(stack.id);
            return std::vector<Frame>(2);
        },
        [&tests](const std::string& suite, const std::string& test) {
            tests.push_back(suite + "." + test);
            return std::optional(SourceLocation{"TestBody", "a.cpp", 3});
        });
    EXPECT_EQ(stacks, std::vector<StackId>{StackId{1}});
    EXPECT_EQ(tests, std::vector<std::string>{"Suite.Test"});
    EXPECT_EQ(recording.symbols.at(StackId{1}).size(), 2u);
    EXPECT_EQ(recording.test_definitions.size(), 1u);
}

TEST(Replay, GivesTheReportOfTheRun) {
    const auto symbolize = [](const StackRecord&) {
        Frame frame;
        frame.function = "Suite_Test_Test::TestBody()";
        frame.file = "tests/suite.cpp";
        frame.line = 12;
        frame.in_project = true;
        return std::vector<Frame>{frame};
    };
    const auto definition = [](const std::string&, const std::string&) {
        return std::optional(SourceLocation{"TestBody", "tests/suite.cpp", 10});
    };
    const Snapshot snapshot = leaking_snapshot();
    const Report live = analyse(snapshot, {}, {}, symbolize, definition);
    const Recording recording = read(written(make_recording(snapshot, {}, symbolize, definition)));
    const Report replayed = replay(recording, {});
    ASSERT_EQ(replayed.leaks.size(), 1u);
    EXPECT_EQ(replayed.leaks[0].fingerprint, live.leaks.at(0).fingerprint);
    EXPECT_EQ(replayed.leaks[0].site, live.leaks[0].site);
    EXPECT_EQ(replayed.leaks[0].bytes.observed, 128u);
    EXPECT_EQ(replayed.tests.at(0).definition, live.tests.at(0).definition);
    EXPECT_EQ(replayed.verdict.violations.at(0).message, live.verdict.violations.at(0).message);
    EXPECT_EQ(replayed.exit_code, 23);

    AnalysisOptions generous;
    generous.budget = {128, 0, true, false};
    EXPECT_EQ(replay(recording, generous).exit_code, 0);
}

TEST(Replay, ToleratesStacksAndTestsThatWereNotRecorded) {
    Recording recording;
    recording.snapshot = leaking_snapshot();
    const Report report = replay(recording, {});
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_TRUE(report.leaks[0].stack.empty());
    EXPECT_FALSE(report.tests.at(0).definition.has_value());
}

}  // namespace
}  // namespace leakcheck
