// SPDX-License-Identifier: Apache-2.0
//
// The reports of real runs, as their readers see them.
#include <pugixml.hpp>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

class ReportsTest : public RuntimeTest {
  protected:
    pugi::xml_document junit(const Strings& command, const Setting& setting = {}) {
        const std::string path = (directory() / "junit.xml").string();
        traced_ = trace({"--junit", path}, command, setting);
        pugi::xml_document document;
        EXPECT_TRUE(document.load_file(path.c_str())) << traced_.outcome.err;
        return document;
    }

    static pugi::xml_node test_case(const pugi::xml_document& document, const std::string& suite,
                                    const std::string& name) {
        const std::string path = "//testcase[@classname='" + suite + "'][@name='" + name + "']";
        return document.select_node(path.c_str()).node();
    }

    Traced traced_;
};

TEST_F(ReportsTest, JunitHasBothGoogleTestsFailuresAndOurs) {
    const auto document = junit({program("suite")});
    const auto leaking = test_case(document, "Plain", "Leaks");
    EXPECT_STREQ(leaking.child("failure").attribute("type").value(), "leakcheck.leak");
    EXPECT_NE(std::string(leaking.child("failure").attribute("message").value())
                  .find("1008 bytes in 1 block"),
              std::string::npos)
        << leaking.child("failure").attribute("message").value();
    EXPECT_STREQ(leaking.attribute("status").value(), "run")
        << "GoogleTest's own attributes are gone";
    EXPECT_FALSE(test_case(document, "Plain", "Clean").child("failure"));
    EXPECT_TRUE(test_case(document, "Values/Parameterised", "Leaks/0").child("failure"));
    EXPECT_TRUE(test_case(document, "Typed/1", "Leaks").child("failure"));
}

TEST_F(ReportsTest, JunitHonoursTheUsersOwnOutput) {
    const auto by_option = junit({program("suite"), "--gtest_output=xml:own.xml"});
    EXPECT_TRUE(test_case(by_option, "Plain", "Leaks").child("failure"));
    EXPECT_STREQ(test_case(by_option, "Plain", "Leaks").attribute("status").value(), "run");
    EXPECT_EQ(read_file(directory() / "own.xml").find("leakcheck"), std::string::npos)
        << "the user's file was changed";
    const auto by_environment =
        junit({program("suite")}, {.environment = {{"GTEST_OUTPUT", "xml:other.xml"}}});
    EXPECT_TRUE(test_case(by_environment, "Plain", "Leaks").child("failure"));
}

TEST_F(ReportsTest, ACrashStillGivesAllReportsAndNamesTheRunningTest) {
    for (const std::string end : {"segv", "abort", "_exit", "kill"}) {
        const std::string sarif = (directory() / "r.sarif").string();
        const std::string xml = (directory() / "r.xml").string();
        const Traced traced = trace({"--junit", xml, "--sarif", sarif}, {program("crashing_suite")},
                                    {.environment = {{"END", end}}});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        EXPECT_EQ(traced.result.at("child").at("running_test"), "Crashing.Now") << end;
        EXPECT_NE(read_file(xml).find("Now"), std::string::npos) << end;
        EXPECT_FALSE(read_file(sarif).empty()) << end;
    }
}

TEST_F(ReportsTest, AnnotationsAreOnUnderGithubActionsAlone) {
    const Strings command{leakcheck_program(), "--", program("suite"),
                          "--gtest_filter=Plain.Leaks"};
    const Outcome off = run(command, here({.unset = {"GITHUB_ACTIONS"}}));
    const Outcome on = run(command, here({.environment = {{"GITHUB_ACTIONS", "true"}}}));
    EXPECT_EQ(off.out.find("::error"), std::string::npos);
    EXPECT_NE(on.out.find("::error file="), std::string::npos) << on.out;
}

TEST_F(ReportsTest, OlderLeavesOutWhatIsYoung) {
    const Traced all = trace({}, {program("leak_one_block"), "10"});
    const Traced old = trace({"-o", "60000"}, {program("leak_one_block"), "10"});
    EXPECT_EQ(leaked(all.result).blocks, 1u);
    EXPECT_EQ(leaked(old.result).blocks, 0u);
    EXPECT_EQ(old.result.at("totals").at("younger_blocks"), 1);
}

TEST_F(ReportsTest, TopCapsWhatIsPrinted) {
    const Traced traced = trace({"-T", "1"}, {program("suite")});
    EXPECT_NE(traced.outcome.err.find("  1. "), std::string::npos);
    EXPECT_EQ(traced.outcome.err.find("  2. "), std::string::npos) << traced.outcome.err;
}

TEST_F(ReportsTest, OutsideTestsGateOnRequest) {
    const Strings command{program("suite"), "--gtest_filter=Plain.Clean"};
    EXPECT_EQ(trace({"--check", "none"}, command).outcome.status, 0);
    EXPECT_EQ(trace({"--check", "none", "--gate-outside-tests"}, command).outcome.status, 23);
}

TEST_F(ReportsTest, WhatIsLostForGoodGatesOutsideTestsAsWell) {
    const Strings command{program("suite"), "--gtest_filter=Plain.Clean"};
    EXPECT_EQ(trace({}, command).outcome.status, 23);
    EXPECT_EQ(trace({"--fail-on", "possible"}, command).outcome.status, 0);
}

TEST_F(ReportsTest, TheInTestApiIsHeard) {
    const Traced traced = trace({}, {program("api_suite")});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    std::map<std::string, std::string> status;
    for (const auto& test : traced.result.at("tests")) status[test.at("name")] = test.at("status");
    EXPECT_EQ(status["Api.WithinItsBudget"], "within_budget");
    EXPECT_EQ(status["Api.OverItsBudget"], "leaked");
    EXPECT_EQ(status["Api.Untracked"], "clean");
    EXPECT_EQ(status["Api.KnownBlock"], "clean");
    EXPECT_EQ(status["Api.KnownScope"], "clean");
    int known = 0;
    for (const auto& leak : traced.result.at("leaks"))
        if (leak.at("not_gated") == "known") {
            ++known;
            EXPECT_EQ(leak.at("known_reason"), "kept on purpose");
        }
    EXPECT_EQ(known, 2);
}

}  // namespace
}  // namespace leakcheck::runtime
