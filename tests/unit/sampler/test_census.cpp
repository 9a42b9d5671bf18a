// SPDX-License-Identifier: Apache-2.0
//
// The C library's own memory is told apart, and the process does not notice. Valgrind, which runs
// the same freeres functions, is the yardstick.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <regex>
#include <string>

#include "tests/unit/sampler/recorder.hpp"

namespace leakcheck::test {
namespace {

struct Totals {
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    bool operator==(const Totals&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Totals& totals) {
    return out << totals.bytes << " bytes in " << totals.blocks << " blocks";
}

Totals totals_of(const Recording& recording) {
    Totals totals;
    for (const auto& [address, size] : outstanding(recording, recording.main)) {
        totals.bytes += size;
        ++totals.blocks;
    }
    return totals;
}

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string output;
    std::array<char, 4096> part{};
    while (const std::size_t size = fread(part.data(), 1, part.size(), pipe.get()))
        output.append(part.data(), size);
    return output;
}

bool has_valgrind() {
    return output_of("valgrind --version 2>/dev/null").starts_with("valgrind");
}

Totals totals_of_valgrind(const std::string& command) {
    const std::string report = output_of("valgrind --leak-check=full --show-leak-kinds=all " +
                                         command + " 2>&1 >/dev/null");
    std::smatch found;
    if (!std::regex_search(report, found,
                           std::regex("in use at exit: ([0-9,]+) bytes in ([0-9,]+) blocks"))) {
        ADD_FAILURE() << "no totals in valgrind's report:\n" << report;
        return {};
    }
    const auto number = [](std::string text) {
        std::erase(text, ',');
        return std::stoull(text);
    };
    return {number(found[1]), number(found[2])};
}

class Census : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_record()) GTEST_SKIP() << "ptrace is not permitted here";
    }
    static Recording run(std::vector<std::string> arguments, Sites sites = Sites::traps) {
        return record(TracedLibrary(tracing_config(), sites), {std::move(arguments)});
    }
};

class LibraryMemory : public Census, public testing::WithParamInterface<std::string> {};

TEST_P(LibraryMemory, IsToldApartExactlyAsByValgrind) {
    if (!has_valgrind()) GTEST_SKIP() << "valgrind is not installed";
    const std::string program = LEAKCHECK_CENSUS_SCENARIOS;
    const Recording recording = run({program, GetParam()});
    EXPECT_EQ(recording.exit_status(), 0);
    const auto ends = recording.of_site("census_end");
    ASSERT_EQ(ends.size(), 1u);
    EXPECT_EQ(ends[0].arguments[0], 1u);
    EXPECT_NE(ends[0].process, recording.main);
    EXPECT_EQ(totals_of(recording), totals_of_valgrind(program + " " + GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, LibraryMemory,
                         testing::Values("print", "open_file", "set_locale", "open_library",
                                         "thread", "get_line", "convert", "look_up_names",
                                         "environment", "quick", "at_once"),
                         [](const auto& test) { return test.param; });

// The main thread still lives when another one calls exit(). Each library with TLS adds 16 bytes to
// the table that a thread has of such libraries; the sampler is one, valgrind brings none.
TEST_F(Census, IsTakenWhereAnotherThreadCallsExit) {
    if (!has_valgrind()) GTEST_SKIP() << "valgrind is not installed";
    const std::string program = LEAKCHECK_CENSUS_SCENARIOS;
    const Recording recording = run({program, "from_thread"});
    EXPECT_EQ(recording.output, "from a thread\n");
    Totals expected = totals_of_valgrind(program + " from_thread");
    expected.bytes += 16;
    EXPECT_EQ(totals_of(recording), expected);
}

TEST_F(Census, IsNotTakenAtAFailing_exit) {
    const Recording recording = run({LEAKCHECK_CENSUS_SCENARIOS, "at_once_failing"});
    EXPECT_EQ(recording.exit_status(), 4);
    EXPECT_TRUE(recording.of_site("census_end").empty());
}

TEST_F(Census, TellsTheCppLibrarysPoolAndSeesLateDestructors) {
    const Recording recording = run({LEAKCHECK_CPP_POOL});
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_EQ(totals_of(recording), (Totals{32, 1}));
}

TEST_F(Census, StartsWithTheNullAddressAndNamesEachBlockOnce) {
    const Recording recording = run({LEAKCHECK_CENSUS_SCENARIOS, "thread"});
    const auto census = recording.of_site("census");
    ASSERT_GE(census.size(), 2u);
    EXPECT_EQ(census[0].arguments[0], 0u);
    std::map<std::uint64_t, int> named;
    for (const Event& event : census) EXPECT_EQ(++named[event.arguments[0]], 1);
}

struct Observation {
    const char* mode;
    const char* output;
    int status;
};

std::ostream& operator<<(std::ostream& out, const Observation& observation) {
    return out << observation.mode;
}

class Observer : public Census, public testing::WithParamInterface<Observation> {};

TEST_P(Observer, SeesNothingOfTheCensus) {
    const Recording recording = run({LEAKCHECK_OBSERVER, GetParam().mode});
    EXPECT_EQ(recording.output, GetParam().output);
    EXPECT_EQ(recording.exit_status(), GetParam().status);
    ASSERT_EQ(recording.of_site("census_end").size(), 1u);
    EXPECT_EQ(recording.of_site("census_end")[0].arguments[0], 1u);
}

INSTANTIATE_TEST_SUITE_P(Modes, Observer,
                         testing::Values(Observation{"plain", "buffered last words\n", 0},
                                         Observation{"threads", "buffered last words\n", 0},
                                         Observation{"inherits", "buffered last words\n", 0},
                                         Observation{"fails", "buffered last words\n", 9}),
                         [](const auto& test) { return test.param.mode; });

// Not ptraced, which would make waits and signals look different.
TEST_P(Observer, SeesNothingWithoutATracerEither) {
    const TracedLibrary library(tracing_config(), Sites::nops);
    const std::string output =
        output_of("LD_PRELOAD=" + library.path().string() + " " + LEAKCHECK_OBSERVER + " " +
                  GetParam().mode + "; echo status $?");
    EXPECT_EQ(output, std::string(GetParam().output) + "status " +
                          std::to_string(GetParam().status) + "\n");
}

// A filter that the program put over itself might not stand a copy being made.
TEST_F(Census, IsGivenUpInAProcessThatConfinedItself) {
    const Recording recording = run({LEAKCHECK_OBSERVER, "confined"});
    EXPECT_EQ(recording.output, "buffered last words\n");
    EXPECT_EQ(recording.exit_status(), 0);
    const auto ends = recording.of_site("census_end");
    ASSERT_EQ(ends.size(), 1u);
    EXPECT_EQ(ends[0].arguments[0], 0u);
}

TEST_F(Census, ThatDoesNotEndIsGivenUp) {
    const Recording recording = run({LEAKCHECK_OBSERVER, "hangs"});
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_EQ(recording.output, "ends\n");
    const auto ends = recording.of_site("census_end");
    ASSERT_EQ(ends.size(), 1u);
    EXPECT_EQ(ends[0].arguments[0], 0u);
    EXPECT_EQ(ends[0].process, recording.main);
}

}  // namespace
}  // namespace leakcheck::test
