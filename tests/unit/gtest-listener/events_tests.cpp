// SPDX-License-Identifier: Apache-2.0
//
// Which owners the listener announces, in order, in a real GoogleTest program with
// leakcheck::gtest_main.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "abi/leakcheck_abi.h"

namespace {

using Lines = std::vector<std::string>;

std::string line(leakcheck_owner_kind kind, const std::string& suite = "-",
                 const std::string& test = "-") {
    return std::to_string(kind) + "|" + suite + "|" + test;
}

const std::string outside = line(LEAKCHECK_OWNER_OUTSIDE);

Lines set_up_of_environments() {
    return {line(LEAKCHECK_OWNER_ENVIRONMENT_SET_UP), outside};
}

Lines tear_down_of_environments() {
    return {line(LEAKCHECK_OWNER_ENVIRONMENT_TEAR_DOWN), outside};
}

Lines suite(const std::string& name, const Lines& tests) {
    Lines lines{line(LEAKCHECK_OWNER_SUITE_SET_UP, name)};
    for (const std::string& test : tests) {
        lines.push_back(line(LEAKCHECK_OWNER_TEST, name, test));
        lines.push_back(line(LEAKCHECK_OWNER_SUITE_TEAR_DOWN, name));
    }
    lines.push_back(outside);
    return lines;
}

Lines operator+(Lines left, const Lines& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

// One iteration of the whole program that runs only these suites.
Lines iteration(const Lines& suites) {
    return set_up_of_environments() + suites + tear_down_of_environments();
}

class ListenerEvents : public testing::Test {
  protected:
    ListenerEvents() : log_(testing::TempDir() + "listener_log_" + std::to_string(getpid())) {}
    ~ListenerEvents() override { forget(); }

    // What the subject announces when it is run with these options.
    Lines announced(const std::string& options) {
        const std::string command =
            "LISTENER_LOG='" + log_ + "' '" SUBJECT "' " + options + " >/dev/null 2>&1";
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
        std::ifstream file(log_);
        Lines lines;
        for (std::string text; std::getline(file, text);) lines.push_back(text);
        return lines;
    }

    void forget() { std::remove(log_.c_str()); }

  private:
    std::string log_;
};

TEST_F(ListenerEvents, BracketTestsSuitesAndEnvironments) {
    EXPECT_EQ(
        announced("--gtest_filter='Plain.*:Fixture.*'"),
        iteration(suite("Plain", {"First", "Second"}) + suite("Fixture", {"Skipped", "Throws"})));
}

TEST_F(ListenerEvents, NameParameterisedTests) {
    EXPECT_EQ(announced("--gtest_filter='Few/*'"),
              iteration(suite("Few/Numbers", {"Small/0", "Small/1"})));
}

TEST_F(ListenerEvents, NameTypedTests) {
    EXPECT_EQ(announced("--gtest_filter='Typed/*'"),
              iteration(suite("Typed/0", {"HasSize"}) + suite("Typed/1", {"HasSize"})));
}

TEST_F(ListenerEvents, RepeatWithTheTests) {
    const Lines once = iteration(suite("Plain", {"First"}));
    EXPECT_EQ(announced("--gtest_filter=Plain.First --gtest_repeat=3 "
                        "--gtest_recreate_environments_when_repeating=1"),
              once + once + once);
}

TEST_F(ListenerEvents, IncludeDisabledTestsThatRun) {
    EXPECT_EQ(announced("--gtest_filter='Plain.*' --gtest_also_run_disabled_tests"),
              iteration(suite("Plain", {"First", "Second", "DISABLED_Third"})));
}

TEST_F(ListenerEvents, SayNothingInTheChildrenOfDeathTests) {
    const Lines expected = iteration(suite("DyingDeathTest", {"Exits"}));
    EXPECT_EQ(announced("--gtest_filter='Dying*' --gtest_death_test_style=fast"), expected);
    forget();
    EXPECT_EQ(announced("--gtest_filter='Dying*' --gtest_death_test_style=threadsafe"), expected);
}

TEST_F(ListenerEvents, SayNothingWhenTestsAreOnlyListed) {
    EXPECT_EQ(announced("--gtest_list_tests"), Lines{});
}

}  // namespace
