// SPDX-License-Identifier: Apache-2.0
//
// What CTest reads: the expressions are those of its memory checks (cmCTestMemCheckHandler.cxx) and of its
// measurements (cmCTestTestHandler.cxx).
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

std::string valgrind(const Report& report, LeakKinds show = shown_by_default) {
    std::ostringstream out;
    render_valgrind(report, show, 77, out);
    return out.str();
}

std::string leak_sanitizer(const Report& report) {
    std::ostringstream out;
    render_leak_sanitizer(report, 77, out);
    return out.str();
}

std::ptrdiff_t lines_like(const std::string& text, const std::string& expression) {
    const std::regex wanted(expression, std::regex::extended);
    std::istringstream lines(text);
    std::ptrdiff_t count = 0;
    for (std::string line; std::getline(lines, line);) count += std::regex_search(line, wanted);
    return count;
}

std::ptrdiff_t definitely_lost(const std::string& log) {
    return lines_like(log,
                      "== .*[0-9,]+ bytes in [0-9,]+ blocks are definitely lost"
                      " in loss record [0-9,]+ of [0-9,]+") +
           lines_like(log,
                      "== .*[0-9,]+ \\([0-9,]+ direct, [0-9,]+ indirect\\)"
                      " bytes in [0-9,]+ blocks are definitely lost"
                      " in loss record [0-9,]+ of [0-9,]+");
}

std::ptrdiff_t leaks_where(const Report& report, bool (*is_wanted)(const Leak&)) {
    return std::count_if(report.leaks.begin(), report.leaks.end(), is_wanted);
}

bool counts(const Leak& leak) {
    return leak.not_gated == NotGated::none;
}

TEST(CTestMemcheck, FindsEveryLeakThatCountsInTheLogs) {
    for (const Sample& sample : all_samples()) {
        const auto direct = leaks_where(sample.report, [](const Leak& leak) {
            return counts(leak) && leak.kind != LeakKind::indirect;
        });
        EXPECT_EQ(definitely_lost(valgrind(sample.report)), direct) << sample.name;
        EXPECT_EQ(lines_like(leak_sanitizer(sample.report), "(Direct|Indirect) leak of .*"),
                  leaks_where(sample.report, counts))
            << sample.name;
    }
}

TEST(CTestMemcheck, KeepsEveryLineOfTheLogUnderItsProcess) {
    for (const Sample& sample : all_samples()) {
        const std::string log = valgrind(sample.report);
        EXPECT_EQ(lines_like(log, "^==[0-9][0-9]*=="), std::count(log.begin(), log.end(), '\n'));
    }
}

TEST(CTestMemcheck, FindsWhatMayBeALeakWhereItIsShown) {
    const std::string reachable =
        "== .*[0-9,]+ bytes in [0-9,]+ blocks are still reachable in loss record [0-9,]+ of "
        "[0-9,]+";
    const std::string possible =
        "== .*[0-9,]+ bytes in [0-9,]+ blocks are possibly lost in loss record [0-9,]+ of [0-9,]+";
    EXPECT_EQ(lines_like(valgrind(kinds_report()), possible), 1);
    EXPECT_EQ(lines_like(valgrind(kinds_report()), reachable), 0);
    EXPECT_GT(lines_like(valgrind(kinds_report(), all_leak_kinds()), reachable), 0);
}

TEST(CTestMemcheck, SetsAsideWhatDoesNotCountForAReason) {
    Report report = clean_report();
    report.leaks = {make_leak("Queue", "Push", 4096, 2, 7)};
    report.leaks[0].not_gated = NotGated::known;
    EXPECT_EQ(definitely_lost(valgrind(report)), 0);
    EXPECT_EQ(lines_like(valgrind(report), "        suppressed: 4,096 bytes in 2 blocks"), 1);
    EXPECT_EQ(lines_like(leak_sanitizer(report), "leak of"), 0);
}

TEST(CTestMeasurements, AreOneALine) {
    for (const Sample& sample : all_samples()) {
        std::ostringstream out;
        render_cdash(sample.report, out);
        const std::string text = out.str();
        EXPECT_EQ(lines_like(text,
                             "^<CTestMeasurement type=\"(numeric/double|text/string)\" "
                             "name=\"[^\"<>&]+\">[^<>&]+</CTestMeasurement>$"),
                  std::count(text.begin(), text.end(), '\n'))
            << text;
    }
}

}  // namespace
}  // namespace leakcheck
