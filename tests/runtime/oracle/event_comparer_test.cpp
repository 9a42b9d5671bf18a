// SPDX-License-Identifier: Apache-2.0
//
// From an event to its place in the tally, with this process as the traced one: what is right is found to be
// right, and a stack that is wrong in one frame is found to be wrong.
#include "tests/runtime/oracle/event_comparer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "runner/trace/process_maps.hpp"
#include "tests/runtime/oracle/own_stack.hpp"

namespace leakcheck::oracle {
namespace {

constexpr ProcessId kProcess{1};
constexpr std::size_t kDepth = 127;

class EventComparerTest : public testing::Test {
  protected:
    EventComparerTest() {
        ProcessRecord process;
        process.id = kProcess;
        process.is_image = true;
        result_.snapshot.processes.push_back(process);
        for (const ProcessMap& map : read_process_maps(::getpid()))
            result_.mappings.push_back(
                {kProcess, map.start, map.end, map.file_offset, 1, map.path});
        own_.event.process = kProcess;
        own_.event.stack = StackId{7};
        own_.event.time_ns = 2;
    }

    // As leakcheck would have kept it. libdw begins in the taker's frame at another instruction than
    // backtrace() does: the first frame is that of the event's registers.
    std::vector<std::uint64_t> right_frames() const {
        std::vector<std::uint64_t> frames = own_.backtrace;
        frames[0] = own_.event.registers[ORACLE_RIP] + 1;
        return frames;
    }

    Tally compare_with(std::vector<std::uint64_t> frames,
                       StackStatus status = StackStatus::complete) {
        result_.snapshot.stacks = {{StackId{7}, kProcess, status, 0, std::move(frames)}};
        Tally tally(1);
        EventComparer(result_, kDepth, tally).compare_event(own_.event);
        return tally;
    }

    OwnStack own_ = take_own_stack();
    TraceResult result_;
};

TEST_F(EventComparerTest, FindsWhatIsRight) {
    const Tally tally = compare_with(right_frames());
    EXPECT_EQ(tally.count(Verdict::identical), 1u) << tally.json().dump(2);
    EXPECT_EQ(tally.json().at("agreeing_frames"), right_frames().size());
}

TEST_F(EventComparerTest, FindsEachFrameThatIsWrong) {
    for (std::size_t i = 0; i < right_frames().size(); ++i) {
        std::vector<std::uint64_t> frames = right_frames();
        frames[i] += 1;
        const Tally tally = compare_with(frames);
        EXPECT_EQ(tally.count(Verdict::different), 1u) << i;
        EXPECT_EQ(tally.json().at("examples").size(), 1u);
    }
}

TEST_F(EventComparerTest, FindsWhatIsMissing) {
    std::vector<std::uint64_t> frames = right_frames();
    frames.pop_back();
    EXPECT_EQ(compare_with(frames).count(Verdict::different), 1u);
    EXPECT_EQ(compare_with(frames, StackStatus::truncated).count(Verdict::cut_early), 1u);
    result_.snapshot.stacks.clear();
    Tally tally(0);
    EventComparer(result_, kDepth, tally).compare_event(own_.event);
    EXPECT_EQ(tally.count(Verdict::missing), 1u);
}

}  // namespace
}  // namespace leakcheck::oracle
