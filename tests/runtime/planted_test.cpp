// SPDX-License-Identifier: Apache-2.0
//
// A hundred leaks of one block each among 500 tests and more than a million allocations: whatever counts every
// block finds them all, with their bytes and lines, and nothing else.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

struct Leak {
    std::string test;
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    std::string place;  // "file:line"
    auto operator<=>(const Leak&) const = default;
};

void PrintTo(const Leak& leak, std::ostream* out) {
    *out << leak.test << ": " << leak.bytes << " bytes in " << leak.blocks << " blocks at "
         << leak.place;
}

// What the program says that it leaked.
std::vector<Leak> read_truth(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<Leak> leaks;
    Leak leak;
    leak.blocks = 1;
    for (std::string source, line;
         std::getline(stream, leak.test, '\t') && stream >> leak.bytes >> source >> line;) {
        leak.place = std::filesystem::path(source).filename().string() + ":" + line;
        leaks.push_back(leak);
        stream.ignore();  // the end of the line
    }
    std::sort(leaks.begin(), leaks.end());
    return leaks;
}

// What leakcheck found in tests.
std::vector<Leak> read_leaks(const nlohmann::json& result) {
    std::vector<Leak> leaks;
    for (const nlohmann::json& found : result.at("leaks")) {
        if (found.at("test").is_null()) continue;
        Leak leak{found.at("test"), found.at("bytes").at("observed"),
                  found.at("blocks").at("observed"), "unknown"};
        const nlohmann::json& site = found.at("site");
        if (!site.at("line").is_null())
            leak.place = site.at("file").get<std::string>() + ":" + site.at("line").dump();
        leaks.push_back(leak);
    }
    std::sort(leaks.begin(), leaks.end());
    return leaks;
}

class PlantedTest : public RuntimeTest, public testing::WithParamInterface<std::string> {};

TEST_P(PlantedTest, AHundredOfAHundredAreFoundWithBytesAndLines) {
    const std::filesystem::path truth = directory() / "truth";
    const Traced traced =
        trace({"--sampling", GetParam(), "--fail-on", "all", "--exit-zero", "--quiet",
               "--source-root", LEAKCHECK_PLANTED_SOURCES},
              {program("planted"), "--truth=" + truth.string(), "--gtest_brief=1"});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
    EXPECT_GT(traced.result.at("totals").at("allocated_blocks").get<std::uint64_t>(), 1'000'000);
    const std::vector<Leak> planted = read_truth(truth);
    EXPECT_EQ(planted.size(), 100);
    EXPECT_EQ(read_leaks(traced.result), planted);
}

INSTANTIATE_TEST_SUITE_P(Exact, PlantedTest, testing::Values("counted", "1:1"));

}  // namespace
}  // namespace leakcheck::runtime
