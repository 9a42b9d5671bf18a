// SPDX-License-Identifier: Apache-2.0
//
// What each format makes of the kinds of leaks.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "reporters/kind_words.hpp"
#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

std::string console(const Report& report, const ConsoleOptions& options = {}) {
    std::ostringstream out;
    render_console(report, options, out);
    return out.str();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Kinds, OfIndirectBlocksOnlyWhereThereAreSome) {
    Leak leak;
    EXPECT_EQ(indirect_words(leak, SizeStyle::plain), "");
    EXPECT_EQ(indirect_suffix(leak, SizeStyle::plain), "");
    leak.indirect_bytes = 2000;
    leak.indirect_blocks = 1;
    EXPECT_EQ(indirect_words(leak, SizeStyle::plain),
              "and 2000 bytes in 1 block that only it leads to");
    EXPECT_EQ(indirect_suffix(leak, SizeStyle::rounded),
              " (and 2.0 kB in 1 block that only it leads to)");
}

TEST(Kinds, EachHasWords) {
    for (const auto& [kind, name] : leak_kind_names) {
        EXPECT_FALSE(kind_verb(kind).empty());
        EXPECT_FALSE(kind_title(kind).empty());
        EXPECT_FALSE(kind_heading(kind).empty());
        EXPECT_TRUE(contains(why_kind_is_not_gated(kind), "--fail-on " + std::string(name)));
    }
}

TEST(Kinds, TheConsoleListsWhatIsShownAndSumsTheRest) {
    const std::string text = console(kinds_report());
    EXPECT_TRUE(contains(text,
                         "320 bytes in 10 blocks definitely leaked by test Queue.Push\n"
                         "     and 64 bytes in 2 blocks that only it leads to\n"));
    EXPECT_TRUE(contains(text, "24 bytes in 1 block definitely leaked outside every test\n"));
    EXPECT_TRUE(contains(text, "128 bytes in 4 blocks possibly leaked by test Queue.Pop\n"));
    EXPECT_FALSE(contains(text, "registry"));
    EXPECT_TRUE(contains(text,
                         "Still reachable at the end: 3.7 kB in 14 blocks (--show reachable "
                         "or --verbose lists them)\n"));
    EXPECT_TRUE(contains(text,
                         "not counted: 1 leak, 128 bytes in 4 blocks; still reachable: "
                         "3.7 kB in 14 blocks; released-late: 96 bytes in 3 blocks (counted"));
}

TEST(Kinds, TheConsoleShowsWhatIsAskedFor) {
    ConsoleOptions options;
    options.show = {LeakKind::reachable};
    const std::string text = console(kinds_report(), options);
    EXPECT_TRUE(contains(text, "3.5 kB in 12 blocks still reachable, allocated outside every"));
    EXPECT_FALSE(contains(text, "possibly leaked by"));
    EXPECT_TRUE(contains(text, "Possibly leaked: 128 bytes in 4 blocks (--show possible or"));
    EXPECT_TRUE(contains(text, "definitely leaked by test")) << "what counts is always listed";
}

TEST(Kinds, TheVerboseConsoleTellsOfTheCheck) {
    ConsoleOptions options;
    options.verbose = true;
    const std::string text = console(kinds_report(), options);
    EXPECT_TRUE(contains(text,
                         "pointers: the command: looked through 13 MB in a pause of 3.25 ms, "
                         "3 threads stopped; 4.1 kB could not be read; looked at the end of 40 "
                         "tests as well, in pauses of 90.5 ms, 1 in vain\n"));
    EXPECT_TRUE(contains(text, "blocks stayed unclassified: it did not stop within 2 s\n"));
    EXPECT_TRUE(contains(text, "still reachable, allocated by test Queue.Pop"));
    EXPECT_TRUE(contains(
        text,
        "released late, allocated by test Queue.Push\n     freed during Queue.Pop and 1 other\n"));
    EXPECT_TRUE(contains(text, "its test ran 3 times: 1 block each time, 32 bytes\n"));
    EXPECT_FALSE(contains(text, "--verbose lists them"));
}

Json result_of(const Report& report) {
    std::ostringstream out;
    render_json(report, out);
    return Json::parse(out.str());
}

TEST(Kinds, InTheJson) {
    const Json json = result_of(kinds_report());
    EXPECT_EQ(json["totals"]["by_kind"]["reachable"]["blocks"]["observed"], 14);
    EXPECT_FALSE(json["totals"]["by_kind"].contains("outstanding"));
    EXPECT_EQ(json["tests"][0]["by_kind"]["definite"]["bytes"]["observed"], 320);
    EXPECT_EQ(json["leaks"][0]["kind"], "definite");
    EXPECT_EQ(json["leaks"][0]["indirect"], (Json{{"bytes", 64}, {"blocks", 2}}));
    EXPECT_FALSE(json["leaks"][1].contains("indirect"));
    EXPECT_EQ(json["leaks"][5]["not_gated"], "kind");
    EXPECT_EQ(json["pointer_checks"][0]["process"], nullptr);
    EXPECT_EQ(json["pointer_checks"][0]["failure"], nullptr);
    EXPECT_EQ(json["pointer_checks"][0]["pause_ms"], 3.25);
    EXPECT_EQ(json["pointer_checks"][1]["process"], "child 4711: importer --worker");
    EXPECT_EQ(json["budget"]["fail_on"],
              (Json{"definite", "indirect", "unclassified", "outstanding"}));
}

Json sarif_results(const Report& report) {
    std::ostringstream out;
    render_sarif(report, sample_source, out);
    return Json::parse(out.str())["runs"][0]["results"];
}

TEST(Kinds, DecideTheLevelInSarif) {
    std::map<std::string, std::set<std::string>> levels;
    for (const Json& result : sarif_results(kinds_report()))
        levels[result["ruleId"]].insert(result["level"].get<std::string>());
    const std::map<std::string, std::set<std::string>> expected{
        {"leakcheck.leak", {"error"}},
        {"leakcheck.leak-outside-tests", {"error"}},
        {"leakcheck.possible-leak", {"warning"}},
        {"leakcheck.still-reachable", {"note"}}};
    EXPECT_EQ(levels, expected);
}

TEST(Kinds, ThatAreMadeToCountAreErrorsInSarif) {
    Report report = kinds_report();
    for (Leak& leak : report.leaks) {
        leak.not_gated = NotGated::none;
        leak.over_budget = true;
    }
    for (const Json& result : sarif_results(report)) EXPECT_EQ(result["level"], "error");
}

TEST(Kinds, OnlyThoseThatCountAreFailuresInJunit) {
    std::ostringstream out;
    render_junit(kinds_report(), gtest_xml(), out);
    std::size_t failures = 0;
    const std::string text = out.str();
    for (auto at = text.find("leakcheck.leak\""); at != std::string::npos;
         at = text.find("leakcheck.leak\"", at + 1))
        ++failures;
    EXPECT_EQ(failures, 4u);
    EXPECT_TRUE(contains(text,
                         "definitely leaked by test Queue.Push, and 64 bytes in 2 blocks "
                         "that only it leads to\n"));
}

std::vector<std::string> annotations(const Report& report, LeakKinds show) {
    std::ostringstream out;
    render_github(report, show, out);
    std::vector<std::string> lines;
    std::istringstream text(out.str());
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

std::ptrdiff_t count_of(const std::vector<std::string>& lines, const std::string& start) {
    return std::count_if(lines.begin(), lines.end(),
                         [&](const std::string& line) { return line.starts_with(start); });
}

TEST(Kinds, AreAnnotatedAsErrorsWarningsAndNotices) {
    const auto usual = annotations(kinds_report(), shown_by_default);
    EXPECT_EQ(count_of(usual, "::error "), 4);
    EXPECT_EQ(count_of(usual, "::warning "), 1);
    EXPECT_EQ(count_of(usual, "::notice "), 1);
    EXPECT_FALSE(contains(usual.back(), "Not annotated"));
    const auto all = annotations(kinds_report(), all_leak_kinds());
    EXPECT_EQ(count_of(all, "::notice file="), 2);
    EXPECT_EQ(count_of(annotations(kinds_report(), lost_kinds), "::warning "), 0);
}

TEST(Kinds, AnnotationsKeepToTheirLimits) {
    Report report = kinds_report();
    report.verdict.status = VerdictStatus::inconclusive;
    report.leaks.clear();
    for (std::uint32_t line = 1; line <= 30; ++line) {
        Leak leak = make_leak("Queue", "Push", 100 - line, 1, line);
        leak.kind = line % 2 == 0 ? LeakKind::possible : LeakKind::reachable;
        leave_out(leak, NotGated::kind);
        report.leaks.push_back(leak);
    }
    const auto lines = annotations(report, all_leak_kinds());
    EXPECT_EQ(count_of(lines, "::warning "), 10);
    EXPECT_EQ(count_of(lines, "::notice "), 10);
    EXPECT_TRUE(contains(lines.back(), "Not annotated: 6 lines with leaks"));
}

}  // namespace
}  // namespace leakcheck
