// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

std::string console(const Report& report, const ConsoleOptions& options = {}) {
    std::ostringstream out;
    render_console(report, options, out);
    return out.str();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string last_line(const std::string& text) {
    const auto start = text.rfind('\n', text.size() - 2);
    return text.substr(start == std::string::npos ? 0 : start + 1);
}

TEST(Console, EndsWithTheVerdict) {
    EXPECT_EQ(last_line(console(clean_report())),
              "leakcheck: PASS: no leaks in 8 tests (traced: every allocation)\n");
    EXPECT_EQ(last_line(console(leaking_report()))
                  .rfind("leakcheck: FAIL: 4 leaks, 2.8 kB in 23 blocks", 0),
              0u);
    EXPECT_EQ(last_line(console(inconclusive_report())).rfind("leakcheck: INCONCLUSIVE: ", 0), 0u);
}

TEST(Console, QuietIsTheLastLineOnly) {
    for (const Sample& sample : all_samples()) {
        ConsoleOptions quiet;
        quiet.quiet = true;
        EXPECT_EQ(console(sample.report, quiet), last_line(console(sample.report)));
    }
}

TEST(Console, SkipsAllocatorAndFrameworkFramesUnlessVerbose) {
    const std::string brief = console(leaking_report());
    EXPECT_TRUE(contains(brief, "> make_node(Item const&)       src/queue.cpp:42"));
    EXPECT_FALSE(contains(brief, "operator new"));
    EXPECT_FALSE(contains(brief, "testing::Test::Run()"));
    ConsoleOptions verbose;
    verbose.verbose = true;
    const std::string all = console(leaking_report(), verbose);
    EXPECT_TRUE(contains(all, "operator new(unsigned long)"));
    EXPECT_TRUE(contains(all, "testing::Test::Run()"));
}

TEST(Console, SaysHowToGetMoreWhenLeaksAreCut) {
    ConsoleOptions options;
    options.top = 2;
    const std::string text = console(leaking_report(), options);
    EXPECT_TRUE(contains(text, "  2. "));
    EXPECT_FALSE(contains(text, "  3. "));
    EXPECT_TRUE(contains(text, "... 5 more leaks; -T 0 prints all"));
    EXPECT_TRUE(contains(text, "... 2 more tests (-T 0 shows all)"));
    options.top = 0;
    EXPECT_TRUE(contains(console(leaking_report(), options), "  7. "));
    EXPECT_FALSE(contains(console(leaking_report(), options), "-T 0"));
}

TEST(Console, ColourOnlyOnRequest) {
    ConsoleOptions colour;
    colour.colour = Colour::on;
    EXPECT_TRUE(contains(console(leaking_report(), colour), "\x1b["));
    for (const Sample& sample : all_samples())
        EXPECT_FALSE(contains(console(sample.report), "\x1b"));
}

TEST(Console, NothingFromTheProgramReachesTheTerminalRaw) {
    ConsoleOptions verbose;
    verbose.verbose = true;
    for (const ConsoleOptions& options : {ConsoleOptions{}, verbose}) {
        for (const char byte : console(hostile_report(), options)) {
            EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20)
                << static_cast<int>(byte);
        }
    }
}

TEST(Console, LongNamesStayBounded) {
    Report report = leaking_report();
    report.leaks[0].stack[2].function = std::string(10000, 'x');
    report.leaks[0].stack[2].file = std::string(10000, 'y');
    report.leaks[0].owner = std::string(10000, 'z');
    report.leaks[0].test = report.leaks[0].owner;
    report.tests[0].name = report.leaks[0].owner;
    std::istringstream text(console(report));
    for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 1300u);
}

TEST(Console, TellsEstimatesInWords) {
    const std::string text = console(sampled_report());
    EXPECT_TRUE(contains(text, "observed 1.3 kB in 10 blocks leaked by test Queue.Push"));
    EXPECT_TRUE(contains(text, "estimated about 128 kB (68 kB to 201 kB)"));
    EXPECT_TRUE(contains(last_line(text), "sampled: 1 in 100 allocations"));
}

TEST(Console, TellsLossesOnce) {
    const std::string text = console(inconclusive_report());
    const auto first = text.find("live_map_full");
    EXPECT_NE(first, std::string::npos);
    EXPECT_EQ(text.find("live_map_full", first + 1), std::string::npos);
    EXPECT_TRUE(contains(text, "lost: 2 x mappings"));
}

TEST(Console, NamesTheTestThatWasRunning) {
    EXPECT_TRUE(contains(
        console(crash_report()),
        "command: died by signal 11 (SIGSEGV, core dumped) while test Queue.Pop was running"));
}

TEST(Console, ALeakWithoutStackIsStillTold) {
    Report report = leaking_report();
    report.leaks[0].stack.clear();
    report.leaks[0].site = {};
    report.leaks[0].stack_status = StackStatus::missing;
    EXPECT_TRUE(
        contains(console(report), "allocated at an unknown place\n        (no stack was kept)"));
}

TEST(Console, FoldsWhatDeadChildrenLeftBehind) {
    Report report = leaking_report();
    Leak& leak = report.leaks.back();
    leak.not_gated = NotGated::death_test;
    leak.process = "child 1234: ./unit_tests --gtest_internal_run_death_test=x";
    leak.site.function = "folded_away";
    const std::string text = console(report);
    EXPECT_FALSE(contains(text, "folded_away")) << text;
    EXPECT_TRUE(contains(text, "of child processes: made in the child of a death test")) << text;
    ConsoleOptions verbose;
    verbose.verbose = true;
    EXPECT_TRUE(contains(console(report, verbose), "child 1234")) << console(report, verbose);
    leak.process.clear();
    EXPECT_FALSE(contains(console(report), "of child processes"));
}

}  // namespace
}  // namespace leakcheck
