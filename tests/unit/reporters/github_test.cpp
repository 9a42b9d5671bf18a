// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

std::vector<std::string> lines_of(const Report& report) {
    std::ostringstream out;
    render_github(report, shown_by_default, out);
    std::vector<std::string> lines;
    std::istringstream text(out.str());
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

Report many_leaks(std::uint32_t count) {
    Report report = leaking_report();
    report.leaks.clear();
    for (std::uint32_t index = 0; index < count; ++index) {
        report.leaks.push_back(make_leak("Queue", "Push", 10000 - index, 1, index + 1));
    }
    return report;
}

TEST(Github, SaysNothingOfARunThatPasses) {
    EXPECT_TRUE(lines_of(clean_report()).empty());
    EXPECT_TRUE(lines_of(within_budget_report()).empty());
}

TEST(Github, PointsAtTheLine) {
    const auto lines = lines_of(leaking_report());
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[0].rfind("::error file=src/queue.cpp,line=42,endLine=42,title=", 0), 0u)
        << lines[0];
    EXPECT_NE(lines[0].find("2.0 kB in 16 blocks leaked by test Queue.Push%0A640 bytes"),
              std::string::npos);
}

TEST(Github, EscapesPropertiesAndMessages) {
    Report report = leaking_report();
    report.leaks.resize(1);
    report.leaks[0].stack[2].file = "src/100%,a:b.cpp";
    report.leaks[0].owner = "Odd::error::%0A";
    report.leaks[0].test = report.leaks[0].owner;
    const std::string line = lines_of(report).at(0);
    EXPECT_NE(line.find("file=src/100%25%2Ca%3Ab.cpp,line=42"), std::string::npos) << line;
    EXPECT_NE(line.find("title=Leak by test Odd%3A%3Aerror%3A%3A%250A%3A 2.0 kB::"),
              std::string::npos)
        << line;
    EXPECT_NE(line.find("leaked by test Odd::error::%250A%0A"), std::string::npos) << line;
}

TEST(Github, HostileNamesStartNoCommandOfTheirOwn) {
    for (const std::string& line : lines_of(hostile_report())) {
        EXPECT_EQ(line.rfind("::", 0), 0u) << line;
        EXPECT_EQ(line.find('\x1b'), std::string::npos);
    }
    EXPECT_EQ(lines_of(hostile_report()).size(), 3u);
}

TEST(Github, TellsTheWorstTenAndHowManyWereLeftOut) {
    const auto lines = lines_of(many_leaks(25));
    ASSERT_EQ(lines.size(), 11u);
    EXPECT_NE(lines[0].find("line=1,"), std::string::npos);
    EXPECT_NE(lines[9].find("line=10,"), std::string::npos);
    EXPECT_EQ(lines[10].rfind("::notice title=", 0), 0u);
    EXPECT_NE(
        lines[10].find("10 of 25 lines that leak are annotated, the worst first; 15 left out"),
        std::string::npos)
        << lines[10];
}

TEST(Github, TheInterruptedTestCountsAsOneOfTheTen) {
    Report report = many_leaks(25);
    report.child.running_test = "Queue.Pop";
    const auto lines = lines_of(report);
    ASSERT_EQ(lines.size(), 11u);
    EXPECT_NE(lines[0].find("title=Interrupted%3A test Queue.Pop"), std::string::npos);
}

TEST(Github, WarnsOfAnInconclusiveRun) {
    const auto lines = lines_of(inconclusive_report());
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].rfind("::warning title=leakcheck%3A inconclusive::", 0), 0u);
    EXPECT_NE(lines[0].find("live_map_full"), std::string::npos);
}

TEST(Github, MessagesAreBoundedAfterEscaping) {
    Report report = leaking_report();
    report.leaks.resize(1);
    report.leaks[0].over_budget = false;
    report.verdict.status = VerdictStatus::inconclusive;
    report.verdict.inconclusive_reasons = {std::string(5000, '%') + "\xE2\x82\xAC"};
    const std::string line = lines_of(report).at(0);
    const std::string message = line.substr(line.find("::", 2) + 2);
    EXPECT_LE(message.size(), 4096u);
    EXPECT_GT(message.size(), 4080u);
    EXPECT_EQ(message.substr(message.size() - 6), "%25...") << "no escape is cut in two";
}

}  // namespace
}  // namespace leakcheck
