// SPDX-License-Identifier: Apache-2.0
//
// Baselines, suppressions and budgets of a project in which 50 tests leak: programs/known_suite.cpp.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

using nlohmann::json;

class KnownLeaksTest : public RuntimeTest {
  protected:
    void SetUp() override {
        RuntimeTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        suite_ = program("known_suite");
    }

    std::filesystem::path file(const std::string& name) const { return directory() / name; }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name)) << text;
    }

    Outcome baseline(const Strings& arguments) const {
        Strings command{leakcheck_program(), "baseline"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run(command, here());
    }

    void create_baseline() {
        const Traced first = trace({"--exit-zero"}, {suite_});
        ASSERT_FALSE(first.result.is_null()) << first.outcome.err;
        EXPECT_EQ(first.result.at("leaks").size(), 50u) << first.outcome.err;
        write("result.json", first.result.dump());
        const Outcome created = baseline({"create", "result.json", "--baseline", "known.json"});
        ASSERT_EQ(created.status, 0) << created.err;
        EXPECT_EQ(created.out, "known.json: 50 leaks taken in\n");
    }

    Traced known(const Strings& options, const Setting& setting = {}) {
        Strings all{"--baseline", file("known.json").string()};
        all.insert(all.end(), options.begin(), options.end());
        return trace(all, {suite_}, setting);
    }

    std::string suite_;
};

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

std::map<std::string, int> baseline_states(const json& result) {
    std::map<std::string, int> states;
    for (const json& leak : result.at("leaks"))
        ++states[leak.at("baseline_state").is_null() ? "none" : leak.at("baseline_state")];
    return states;
}

TEST_F(KnownLeaksTest, WhatIsKnownIsGreen) {
    create_baseline();
    const Traced again = known({});
    EXPECT_EQ(again.outcome.status, 0) << again.outcome.err;
    EXPECT_EQ(baseline_states(again.result), (std::map<std::string, int>{{"known", 50}}));
    EXPECT_EQ(again.result.at("totals").at("baseline").at("leaks"), 50);
    EXPECT_NE(again.outcome.err.find("known from the baseline: 50 leaks"), std::string::npos);
}

TEST_F(KnownLeaksTest, OneNewLeakIsRedWithJustThatOne) {
    create_baseline();
    Setting more;
    more.environment["LEAK_MORE"] = "1";
    const Traced traced =
        known({"--junit", file("r.xml").string(), "--sarif", file("r.sarif").string(), "--github",
               "--source-root", std::filesystem::path(KNOWN_SUITE_SOURCE).parent_path().string()},
              more);
    EXPECT_EQ(traced.outcome.status, 23) << traced.outcome.err;
    EXPECT_EQ(baseline_states(traced.result),
              (std::map<std::string, int>{{"known", 50}, {"new", 1}}));
    const json& counted = traced.result.at("totals");
    EXPECT_EQ(counted.at("leaked_bytes").at("observed"), 777);
    EXPECT_EQ(counted.at("leaked_blocks").at("observed"), 1);

    EXPECT_NE(traced.outcome.err.find("777 bytes in 1 block"), std::string::npos);
    EXPECT_EQ(count_of(traced.outcome.err, "leaked by test "), 1u) << traced.outcome.err;
    EXPECT_EQ(count_of(traced.outcome.out, "::error "), 1u) << traced.outcome.out;
    EXPECT_NE(traced.outcome.out.find("Direct3.Leaks"), std::string::npos);

    pugi::xml_document junit;
    ASSERT_TRUE(junit.load_file(file("r.xml").c_str()));
    const auto failures = junit.select_nodes("//failure");
    ASSERT_EQ(failures.size(), 1u);
    EXPECT_STREQ(failures.begin()->node().parent().attribute("classname").value(), "Direct3");

    const json sarif = json::parse(read_file(file("r.sarif")));
    int fresh = 0;
    for (const json& result : sarif.at("runs").at(0).at("results")) {
        const bool is_error = result.at("level") == "error";
        EXPECT_EQ(result.at("baselineState"), is_error ? "new" : "unchanged");
        if (is_error) ++fresh;
    }
    EXPECT_EQ(fresh, 1);
}

TEST_F(KnownLeaksTest, WhatIsFixedIsToldAndHasToGo) {
    create_baseline();
    Setting less;
    less.environment["LEAK_LESS"] = "1";
    const Traced told = known({}, less);
    EXPECT_EQ(told.outcome.status, 0) << told.outcome.err;
    ASSERT_EQ(told.result.at("baseline").at("fixed").size(), 1u);
    EXPECT_EQ(told.result.at("baseline").at("fixed").at(0).at("test"), "Template2.Leaks");
    const Traced red = known({"--ratchet"}, less);
    EXPECT_EQ(red.outcome.status, 23) << red.outcome.err;
    EXPECT_NE(red.outcome.err.find("is fixed and still in it (--ratchet): Template2.Leaks"),
              std::string::npos)
        << red.outcome.err;
    write("less.json", red.result.dump());
    const Outcome pruned = baseline({"prune", "less.json", "--baseline", "known.json"});
    EXPECT_EQ(pruned.status, 0) << pruned.err;
    EXPECT_NE(pruned.out.find("fixed, taken out: Template2.Leaks"), std::string::npos)
        << pruned.out;
    EXPECT_EQ(known({"--ratchet"}, less).outcome.status, 0);
    EXPECT_EQ(known({}).outcome.status, 23) << "and stays away";
}

TEST_F(KnownLeaksTest, UpdateTakesInWhatIsNewOnlyWhereItMay) {
    create_baseline();
    Setting more;
    more.environment["LEAK_MORE"] = "1";
    const Traced traced = known({}, more);
    write("more.json", traced.result.dump());
    const std::string before = read_file(file("known.json"));
    const Outcome refused = baseline({"update", "more.json", "--baseline", "known.json"});
    EXPECT_NE(refused.out.find("new, not taken in: Direct3.Leaks"), std::string::npos);
    EXPECT_EQ(read_file(file("known.json")), before);
    baseline({"update", "--allow-growth", "more.json", "--baseline", "known.json"});
    EXPECT_EQ(known({}, more).outcome.status, 0);
}

// 100 lines further down, in another folder, by the other compiler.
TEST_F(KnownLeaksTest, KnownLeaksAreKnownWhateverBuiltThem) {
    if (!std::filesystem::exists(OTHER_COMPILER)) return unavailable("there is no clang");
    create_baseline();
    const std::string text = read_file(KNOWN_SUITE_SOURCE);
    ASSERT_FALSE(text.empty());
    std::filesystem::create_directories(file("else/where"));
    write("else/where/known_suite.cpp", std::string(100, '\n') + text);
    const Outcome built = run({OTHER_COMPILER, "--driver-mode=g++", "-std=c++20", "-O2", "-g",
                               file("else/where/known_suite.cpp").string(), "-o",
                               file("known_suite").string(), "-lgtest", "-lgtest_main"});
    ASSERT_EQ(built.status, 0) << built.err;
    suite_ = file("known_suite").string();
    const Traced elsewhere = known({"--source-root", file("else").string(), "--ratchet"});
    EXPECT_EQ(elsewhere.outcome.status, 0) << elsewhere.outcome.err;
    EXPECT_EQ(baseline_states(elsewhere.result), (std::map<std::string, int>{{"known", 50}}));
    EXPECT_EQ(elsewhere.result.at("baseline").at("fixed").size(), 0u);
}

TEST_F(KnownLeaksTest, SuppressionsOfOtherToolsAreTaken) {
    write("lsan.supp", "# ours\nleak:known::Maker\nleak:nothing_like_it\n");
    write("memcheck.supp",
          "{\n  the function\n  Memcheck:Leak\n  fun:malloc\n  fun:_ZN5known11by_functionEm\n}\n");
    const Traced traced = trace({"--suppressions", file("lsan.supp").string(), "--suppressions",
                                 file("memcheck.supp").string()},
                                {suite_});
    EXPECT_EQ(traced.result.at("totals").at("suppressed").at("leaks"), 10) << traced.outcome.err;
    EXPECT_EQ(traced.result.at("verdict").at("confirmed").at("tests"), 40)
        << "what is suppressed is not run again";
    EXPECT_NE(traced.outcome.err.find("leak:nothing_like_it (" + file("lsan.supp").string() +
                                      ":3): not used"),
              std::string::npos)
        << traced.outcome.err;
}

TEST_F(KnownLeaksTest, ConfigurationAndBudgetsHoldInBothStages) {
    write("leakcheck.json", R"({
      // one test may leak more
      "budgets": [{"name": "all", "max_bytes": "1 kB", "per": "test"},
                  {"name": "direct", "tests": "Direct*.*", "max_bytes": 900, "max_blocks": 2},
                  {"name": "old", "tests": "Direct0.*", "max_bytes": 1, "until": "2020-01-31"}],
      "report_dir": "reports"
    })");
    Setting more;
    more.environment["LEAK_MORE"] = "1";
    more.directory = directory();
    const Traced traced = trace({}, {suite_}, more);
    EXPECT_EQ(traced.outcome.status, 23) << traced.outcome.err;
    EXPECT_EQ(traced.result.at("config_file"), "leakcheck.json");
    ASSERT_EQ(traced.result.at("verdict").at("violations").size(), 1u) << traced.outcome.err;
    const json& violation = traced.result.at("verdict").at("violations").at(0);
    EXPECT_EQ(violation.at("rule"), "direct");
    EXPECT_EQ(violation.at("measure"), "blocks");
    EXPECT_EQ(violation.at("actual"), 6);
    EXPECT_EQ(traced.result.at("verdict").at("confirmed").at("tests"), 5);
    EXPECT_NE(traced.outcome.err.find("budget \"old\" ended on 2020-01-31"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(file("reports/leakcheck.sarif")));
}

TEST_F(KnownLeaksTest, AMistakeInTheConfigurationIsToldBeforeAnythingRuns) {
    write("leakcheck.json", "{\n  \"max_leakd_bytes\": 1\n}\n");
    Setting setting;
    setting.directory = directory();
    const Outcome outcome = run({leakcheck_program(), "--", suite_}, setting);
    EXPECT_EQ(outcome.status, 125);
    EXPECT_EQ(outcome.err,
              "leakcheck: leakcheck.json:2:3: unknown key \"max_leakd_bytes\"; did you mean "
              "\"max_leaked_bytes\"?\n");
    EXPECT_EQ(outcome.out, "");
}

TEST_F(KnownLeaksTest, AReportDoesNotTakeTheConfigurationsPlace) {
    write("leakcheck.json", "{\"report_dir\": \".\"}");
    Setting setting;
    setting.directory = directory();
    const Outcome outcome = run({leakcheck_program(), "--", suite_}, setting);
    EXPECT_EQ(outcome.status, 125);
    EXPECT_NE(outcome.err.find("this is the configuration file"), std::string::npos) << outcome.err;
    EXPECT_EQ(read_file(file("leakcheck.json")), "{\"report_dir\": \".\"}");
}

}  // namespace
}  // namespace leakcheck::runtime
