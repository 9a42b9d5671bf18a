// SPDX-License-Identifier: Apache-2.0
//
// Totals: exactly valgrind's for glibc, exactly the same with other allocators, nothing lost under load.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <regex>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

// "in use at exit" of valgrind, which leaves out what the C library itself keeps.
Totals valgrind_totals(const Strings& command) {
    Strings whole{"valgrind", "--leak-check=full", "--show-leak-kinds=all"};
    whole.insert(whole.end(), command.begin(), command.end());
    const Outcome outcome = run(whole);
    std::smatch match;
    static const std::regex in_use(R"(in use at exit: ([\d,]+) bytes in ([\d,]+) blocks)");
    if (!std::regex_search(outcome.err, match, in_use)) {
        ADD_FAILURE() << "valgrind said: " << outcome.err;
        return {};
    }
    const auto number = [](std::string text) {
        text.erase(std::remove(text.begin(), text.end(), ','), text.end());
        return std::stoull(text);
    };
    return {number(match[1]), number(match[2])};
}

struct Case {
    std::string name;
    Strings command;  // program and arguments
};

void PrintTo(const Case& test_case, std::ostream* out) {
    *out << test_case.name;
}

Strings command_of(const Case& test_case) {
    Strings command = test_case.command;
    command[0] = program(command[0]);
    return command;
}

class TotalsTest : public RuntimeTest, public testing::WithParamInterface<Case> {};

TEST_P(TotalsTest, EqualValgrinds) {
    if (run({"sh", "-c", "command -v valgrind"}).status != 0)
        return unavailable("valgrind is not installed");
    const Strings command = command_of(GetParam());
    const Totals expected = valgrind_totals(command);
    for (const char* mode : {"counted", "1:1"}) {
        const Traced traced = trace({"--sampling", mode}, command);
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        EXPECT_EQ(leaked(traced.result), expected) << mode;
        EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
    }
}

INSTANTIATE_TEST_SUITE_P(C, TotalsTest,
                         testing::Values(Case{"One", {"leak_c", "1", "11"}},
                                         Case{"Ten", {"leak_c", "10", "11"}},
                                         Case{"Hundred", {"leak_c", "100", "11"}},
                                         Case{"Thousand", {"leak_c", "1000", "11"}},
                                         Case{"TenThousand", {"leak_c", "10000", "11"}}),
                         [](const auto& which) { return which.param.name; });
INSTANTIATE_TEST_SUITE_P(Cpp, TotalsTest,
                         testing::Values(Case{"One", {"leak_cpp", "1", "1"}},
                                         Case{"Hundred", {"leak_cpp", "100", "1"}},
                                         Case{"TenThousand", {"leak_cpp", "10000", "1"}},
                                         Case{"FourThreads", {"leak_cpp", "2500", "4"}}),
                         [](const auto& which) { return which.param.name; });
INSTANTIATE_TEST_SUITE_P(LibraryKeeps, TotalsTest, testing::Values(Case{"Stdio", {"libc_keeps"}}),
                         [](const auto& which) { return which.param.name; });

// jemalloc has no pvalloc, so glibc's would make blocks that jemalloc is then given to free.
constexpr const char* kInAllAllocators = "11";

class AllocatorTest : public RuntimeTest, public testing::WithParamInterface<Case> {
  protected:
    // The same program with glibc, which equals valgrind's totals.
    Totals expected(const Strings& arguments) {
        Strings command{program(arguments[0])};
        command.insert(command.end(), arguments.begin() + 1, arguments.end());
        return leaked(trace({}, command).result);
    }
};

TEST_P(AllocatorTest, PreloadedBehindTheSampler) {
    const std::string library = GetParam().command[0];
    if (library.empty()) return unavailable(GetParam().name + " is not installed");
    for (const Strings& arguments :
         {Strings{"leak_c", "600", kInAllAllocators}, Strings{"leak_cpp", "400", "3"}}) {
        Strings command = arguments;
        command[0] = program(command[0]);
        const Traced traced = trace({}, command, {.environment = {{"LD_PRELOAD", library}}});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        EXPECT_EQ(leaked(traced.result), expected(arguments)) << arguments[0];
        EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
    }
}

TEST_P(AllocatorTest, LinkedIntoTheProgram) {
    if (GetParam().command[0].empty()) return unavailable(GetParam().name + " is not installed");
    const Traced traced =
        trace({}, {program("leak_c_" + GetParam().name), "600", kInAllAllocators});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(leaked(traced.result), expected({"leak_c", "600", kInAllAllocators}));
}

INSTANTIATE_TEST_SUITE_P(Allocators, AllocatorTest,
                         testing::Values(Case{"jemalloc", {JEMALLOC_LIBRARY}},
                                         Case{"tcmalloc", {TCMALLOC_LIBRARY}},
                                         Case{"mimalloc", {MIMALLOC_LIBRARY}}),
                         [](const auto& which) { return which.param.name; });

using LoadTest = RuntimeTest;

std::uint64_t allocated_blocks(const nlohmann::json& result) {
    return result.at("totals").at("allocated_blocks").get<std::uint64_t>();
}

TEST_F(LoadTest, TwoMillionPairsOnTwoThreadsLoseNothing) {
    constexpr std::uint64_t kPairs = 1'000'000;
    const Traced none = trace({}, {program("churn"), "0", "2"});
    const Traced many = trace({}, {program("churn"), std::to_string(kPairs), "2"});
    ASSERT_FALSE(many.result.is_null()) << many.outcome.err;
    EXPECT_EQ(leaked(many.result), (Totals{3000, 3}));
    EXPECT_EQ(allocated_blocks(many.result) - allocated_blocks(none.result), 2 * kPairs);
    EXPECT_TRUE(many.result.at("losses").empty()) << many.result.at("losses");
}

TEST_F(LoadTest, AMillionLiveBlocksLoseNothing) {
    const Traced traced = trace({}, {program("churn"), "0", "0", "1000000"});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(leaked(traced.result), (Totals{3000, 3}));
    EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
}

TEST_F(LoadTest, AFullMapIsCountedAndNeverAPass) {
    const Traced traced = trace({"-s", "1", "--check", "none", "--max-live", "1000"},
                                {program("churn"), "0", "0", "5000"});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(traced.result.at("verdict").at("status"), "inconclusive");
    EXPECT_EQ(traced.outcome.status, 125);
    EXPECT_FALSE(traced.result.at("losses").empty());
}

class SeedsTest : public RuntimeTest, public testing::WithParamInterface<std::string> {};

TEST_P(SeedsTest, EstimatesAreUnbiasedOver200Seeds) {
    constexpr int kSeeds = 200;
    constexpr double kTruth = 4000;  // blocks of 1,000 bytes
    double sum = 0;
    double sum_of_squares = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) {
        const Traced traced =
            trace({"--sampling", GetParam(), "--seed", std::to_string(seed), "--quiet"},
                  {program("leak_many"), "4000", "1000"});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        double blocks = 0;
        double bytes = 0;
        for (const auto& leak : traced.result.at("leaks")) {
            blocks += leak.at("blocks").at("estimate").get<double>();
            bytes += leak.at("bytes").at("estimate").get<double>();
        }
        EXPECT_DOUBLE_EQ(bytes, 1000 * blocks);
        sum += blocks;
        sum_of_squares += blocks * blocks;
    }
    const double mean = sum / kSeeds;
    const double deviation = std::sqrt((sum_of_squares - kSeeds * mean * mean) / (kSeeds - 1));
    const double standard_error = deviation / std::sqrt(kSeeds);
    std::cout << "mean " << mean << ", truth " << kTruth << ", standard error " << standard_error
              << "\n";
    EXPECT_GT(standard_error, 0) << "the seed changes nothing";
    EXPECT_LE(std::abs(mean - kTruth), 3 * standard_error);
}

INSTANTIATE_TEST_SUITE_P(Modes, SeedsTest, testing::Values("1:100", "adaptive:100"));

using SamplingTest = RuntimeTest;

TEST_F(SamplingTest, SizeLimitsAreInclusive) {
    for (const auto& [low, high, expected] :
         {std::tuple{"1000", "1000", 5u}, {"1001", "2000", 0u}, {"1", "999", 0u}}) {
        const Traced traced = trace({"-z", low, "-Z", high}, {program("leak_many"), "5", "1000"});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        EXPECT_EQ(leaked(traced.result).blocks, expected) << low << " to " << high;
    }
}

TEST_F(SamplingTest, SameSeedSameResult) {
    const Strings command{program("leak_many"), "3000", "100"};
    const Traced first = trace({"-s", "50", "--seed", "7"}, command);
    const Traced second = trace({"-s", "50", "--seed", "7"}, command);
    EXPECT_EQ(leaked(first.result), leaked(second.result));
    EXPECT_GT(leaked(first.result).blocks, 0u);
}

}  // namespace
}  // namespace leakcheck::runtime
