// SPDX-License-Identifier: Apache-2.0
//
// What is told of blocks that outlive their tests when pointers are looked at as soon as a test has ended.
#include <gmock/gmock.h>

#include <set>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

using Json = nlohmann::json;

// Of all leaks with blocks of this size.
struct Told {
    std::set<std::string> kinds;
    std::set<std::string> owners;
    std::set<std::string> released_in;
    std::uint64_t blocks = 0;
    bool gated = false;
};

Told told_of(const Json& result, std::uint64_t size) {
    Told told;
    for (const Json& leak : result.at("leaks")) {
        const auto blocks = leak.at("blocks").at("observed").get<std::uint64_t>();
        if (leak.at("bytes").at("observed").get<std::uint64_t>() != blocks * size) continue;
        told.kinds.insert(leak.at("kind").get<std::string>());
        told.owners.insert(leak.at("owner").get<std::string>());
        told.blocks += blocks;
        told.gated = told.gated || leak.at("gated").get<bool>();
        if (!leak.contains("released_in")) continue;
        for (const Json& owner : leak.at("released_in"))
            told.released_in.insert(owner.get<std::string>());
    }
    return told;
}

using Names = std::set<std::string>;

class TestEndsTest : public RuntimeTest, public testing::WithParamInterface<Strings> {
  protected:
    Json result_with(Strings options, const Strings& suite_options = {}) {
        options.insert(options.end(), GetParam().begin(), GetParam().end());
        Strings command{program("test_ends")};
        command.insert(command.end(), suite_options.begin(), suite_options.end());
        traced_ = trace(options, command, setting_);
        return traced_.result;
    }
    void expect(std::uint64_t size, const std::string& kind, const std::string& owner) const {
        const Told told = told_of(traced_.result, size);
        EXPECT_EQ(told.kinds, Names{kind}) << size;
        EXPECT_EQ(told.owners, Names{owner}) << size;
    }
    void expect_released(std::uint64_t size, const std::string& owner,
                         const std::string& by) const {
        expect(size, "released-late", owner);
        const Told told = told_of(traced_.result, size);
        EXPECT_EQ(told.released_in, Names{by}) << size;
        EXPECT_EQ(told.blocks, 1u) << size;
        EXPECT_FALSE(told.gated) << size;
    }

    Setting setting_;
    Traced traced_;
};

TEST_P(TestEndsTest, TellsWhatWasLostThenAndWhatIsFreedLater) {
    ASSERT_FALSE(result_with({"--check", "test-end"}).is_null());
    expect(1000, "definite", "TestEnds.LeaksAtOnce");
    expect(1016, "definite", "TestEnds.LeaksTwoInARow");
    expect(1032, "indirect", "TestEnds.LeaksTwoInARow");
    expect(1048, "definite", "TestEnds.LosesWhatShowsAgainLater");
    expect_released(1064, "TestEnds.LosesWhatIsFreedLater", "Afterwards.FreesWhatWasLost");
    expect_released(1080, "TestEnds.HandsOn", "Afterwards.FreesWhatWasHandedOn");
    expect_released(1096, "TestEnds.LeavesToExit", "outside tests");
    expect(1112, "reachable", "TestEnds.Keeps");
    EXPECT_TRUE(told_of(traced_.result, 1128).kinds.empty());
    const Json& check = traced_.result.at("pointer_checks").at(0);
    EXPECT_EQ(check.at("test_ends"), 7);
    EXPECT_EQ(check.at("failed_test_ends"), 0);
}

TEST_P(TestEndsTest, AtTheEndAloneNothingOfThatIsSeen) {
    ASSERT_FALSE(result_with({"--check", "exit"}).is_null());
    expect(1000, "definite", "TestEnds.LeaksAtOnce");
    expect(1048, "reachable", "TestEnds.LosesWhatShowsAgainLater");
    for (const std::uint64_t freed : {1064, 1080, 1096})
        EXPECT_TRUE(told_of(traced_.result, freed).kinds.empty()) << freed;
}

TEST_P(TestEndsTest, IsToldOnTheConsoleWhenAskedFor) {
    ASSERT_FALSE(result_with({"--check", "test-end", "--show", "released-late"}).is_null());
    EXPECT_THAT(traced_.outcome.err,
                testing::HasSubstr("released late, allocated by test TestEnds.HandsOn"));
    EXPECT_THAT(traced_.outcome.err,
                testing::HasSubstr("freed during Afterwards.FreesWhatWasHandedOn"));
    EXPECT_THAT(traced_.outcome.err, testing::HasSubstr("freed outside every test"));
}

// Each iteration loses one more, and frees what the one before has handed on.
TEST_P(TestEndsTest, CountsIterations) {
    ASSERT_FALSE(
        result_with({"--check", "test-end", "--no-confirm"}, {"--gtest_repeat=3"}).is_null());
    EXPECT_EQ(told_of(traced_.result, 1000).blocks, 3u);
    EXPECT_EQ(told_of(traced_.result, 1080).blocks, 3u);
    EXPECT_EQ(told_of(traced_.result, 1080).kinds, Names{"released-late"});
    EXPECT_EQ(told_of(traced_.result, 1048).blocks, 3u);
    EXPECT_EQ(told_of(traced_.result, 1048).kinds, Names{"definite"});
}

// Nothing of the process can be looked at when it dies, but what was lost before is known.
TEST_P(TestEndsTest, OutlivesACrash) {
    setting_.environment["CRASH"] = "1";
    ASSERT_FALSE(result_with({"--check", "test-end", "--no-confirm"}).is_null());
    expect(1000, "definite", "TestEnds.LeaksAtOnce");
    expect(1032, "indirect", "TestEnds.LeaksTwoInARow");
    expect(1112, "unclassified", "TestEnds.Keeps");
    expect_released(1080, "TestEnds.HandsOn", "Afterwards.FreesWhatWasHandedOn");
}

INSTANTIATE_TEST_SUITE_P(Modes, TestEndsTest,
                         testing::Values(Strings{"--sampling", "counted"}, Strings{"-s", "1"}),
                         [](const auto& mode) { return mode.index == 0 ? "counted" : "exact"; });

}  // namespace
}  // namespace leakcheck::runtime
