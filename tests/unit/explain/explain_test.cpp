// SPDX-License-Identifier: Apache-2.0
//
// The subcommand from file to text. What it prints of the kinds sample stands in
// tests/golden/explain.kinds.approved.txt.
#include "runner/explain/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string as_json(const Report& report) {
    std::ostringstream out;
    render_json(report, out);
    return out.str();
}

struct Told {
    int status = 0;
    std::string out;
    std::string err;
};

class Explain : public testing::Test {
  protected:
    Told explain(const std::string& leak) const {
        std::ostringstream out;
        std::ostringstream err;
        const int status = run_explain({file_, leak}, out, err);
        return {status, out.str(), err.str()};
    }
    void write(const std::string& text) const { directory_.write("result.json", text); }
    std::string error(const std::string& leak) const {
        const Told told = explain(leak);
        EXPECT_EQ(told.status, 125);
        EXPECT_EQ(told.out, "");
        return told.err;
    }

    test::TemporaryDirectory directory_;
    std::filesystem::path file_ = directory_.write("result.json", as_json(kinds_report()));
};

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST_F(Explain, SaysWhatWasApproved) {
    std::string text = explain("").out;
    for (std::size_t i = 1; i <= kinds_report().leaks.size(); ++i)
        text += "\n" + explain(std::to_string(i)).out;
    const std::filesystem::path golden(REPORTERS_GOLDEN);
    if (read(golden / "explain.kinds.approved.txt") == text) return;
    std::ofstream(golden / "explain.kinds.received.txt", std::ios::binary) << text;
    ADD_FAILURE() << "differs from what was approved; if it is better, run tests/golden/approve.sh";
}

TEST_F(Explain, IsTheSameByAnyNameOfTheLeak) {
    const std::string by_number = explain("6").out;
    EXPECT_THAT(by_number, StartsWith("Leak 6: "));
    EXPECT_EQ(explain("0000000000000005").out, by_number);
    EXPECT_EQ(explain("src/registry.cpp:9").out, by_number);
    EXPECT_EQ(explain("(anonymous namespace)::registry").out, by_number);
}

TEST_F(Explain, AmbiguousNamesAreListed) {
    const std::string text = error("Queue.Push");
    EXPECT_THAT(text, HasSubstr("has 3 leaks that 'Queue.Push' may mean"));
    EXPECT_THAT(text, HasSubstr("   1  0000000000000001"));
    EXPECT_THAT(text, HasSubstr("   2  0000000000000000"));
    EXPECT_THAT(error("0000"), HasSubstr("..."));
}

TEST_F(Explain, WhatIsNotThereIsSaidSo) {
    EXPECT_THAT(error("9"), HasSubstr("has no leak '9': neither a number from 1 to 8"));
    write(as_json(clean_report()));
    EXPECT_THAT(error("1"), HasSubstr("has no leaks to explain"));
    EXPECT_EQ(explain("").out, "no leaks\n");
}

TEST_F(Explain, FilesThatCannotBeReadAreNamed) {
    write("no JSON");
    EXPECT_THAT(error("1"), StartsWith("leakcheck: '" + file_.string() + "' is no JSON"));
    write("{}");
    EXPECT_THAT(error("1"), HasSubstr("is no result of leakcheck"));
    std::filesystem::remove(file_);
    EXPECT_THAT(error("1"), HasSubstr("cannot be read: No such file or directory"));
    std::filesystem::create_directory(file_);
    EXPECT_THAT(error("1"), HasSubstr("is a directory"));
}

TEST_F(Explain, AnOlderResultIsToldFromOneWithoutPaths) {
    auto result = nlohmann::json::parse(as_json(kinds_report()));
    for (auto& leak : result["leaks"]) leak.erase("held_by");
    write(result.dump());
    EXPECT_THAT(error("1"), HasSubstr("was written by leakcheck 0.1.0, which did not tell"));
    EXPECT_EQ(explain("").status, 0) << "it can still be listed";
}

TEST_F(Explain, SaysWhyNoPathIsKnown) {
    Report report = kinds_report();
    Leak& leak = report.leaks[5];
    leak.held_by = {};
    write(as_json(report));
    EXPECT_THAT(explain("6").out, HasSubstr("1,048,576 live blocks"));
    report.pointer_checks[0].check.kept_paths = true;
    write(as_json(report));
    EXPECT_THAT(explain("6").out, HasSubstr("after pointers had been looked at"));
    leak.process = "child 1: nobody";
    write(as_json(report));
    EXPECT_THAT(explain("6").out, HasSubstr("nobody looked at the pointers of its process"));
}

}  // namespace
}  // namespace leakcheck
