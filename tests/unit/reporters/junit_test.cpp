// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

std::string text_of(const Report& report, const std::string& xml) {
    std::ostringstream out;
    render_junit(report, xml, out);
    return out.str();
}

// The document, its counters checked against a recount.
class Parsed {
  public:
    explicit Parsed(const std::string& text) {
        EXPECT_TRUE(
            document.load_string(text.c_str(), pugi::parse_default | pugi::parse_ws_pcdata_single));
        unsigned tests = 0;
        unsigned failures = 0;
        for (const auto suite : root().children("testsuite")) {
            const auto [suite_tests, suite_failures] = recount(suite);
            EXPECT_EQ(suite.attribute("tests").as_uint(), suite_tests)
                << suite.attribute("name").value();
            EXPECT_EQ(suite.attribute("failures").as_uint(), suite_failures)
                << suite.attribute("name").value();
            tests += suite_tests;
            failures += suite_failures;
        }
        EXPECT_EQ(root().attribute("tests").as_uint(), tests);
        EXPECT_EQ(root().attribute("failures").as_uint(), failures);
    }

    pugi::xml_node root() const { return document.child("testsuites"); }

    pugi::xml_node find(const std::string& class_name, const std::string& name) const {
        const std::string path =
            "//testcase[@classname='" + class_name + "' and @name='" + name + "']";
        return document.select_node(path.c_str()).node();
    }

    pugi::xml_node suite(const std::string& name) const {
        return root().find_child_by_attribute("testsuite", "name", name.c_str());
    }

  private:
    static std::pair<unsigned, unsigned> recount(pugi::xml_node suite) {
        unsigned tests = 0;
        unsigned failures = 0;
        for (const auto test_case : suite.children("testcase")) {
            ++tests;
            failures += test_case.child("failure") ? 1 : 0;
        }
        return {tests, failures};
    }

    pugi::xml_document document;
};

std::vector<std::string> failure_types(pugi::xml_node test_case) {
    std::vector<std::string> types;
    for (const auto failure : test_case.children("failure"))
        types.emplace_back(failure.attribute("type").value());
    return types;
}

using Types = std::vector<std::string>;

TEST(Junit, ALeakFailsTheTestThatOwnsIt) {
    const Parsed junit(text_of(leaking_report(), gtest_xml()));
    const auto failure = junit.find("Queue", "Push").child("failure");
    EXPECT_STREQ(failure.attribute("type").value(), "leakcheck.leak");
    EXPECT_STREQ(failure.attribute("message").value(),
                 "2048 bytes in 16 blocks at src/queue.cpp:42");
    EXPECT_NE(
        std::string(failure.text().get()).find("#2 make_node(Item const&) at src/queue.cpp:42"),
        std::string::npos);
    EXPECT_STREQ(junit.suite("Queue").attribute("failures").value(), "2");
    EXPECT_STREQ(junit.suite("Sizes/Buffer").attribute("failures").value(), "1");
}

TEST(Junit, AFailedTestKeepsItsFailuresFirstAndCountsOnce) {
    const Parsed junit(text_of(leaking_report(), gtest_xml()));
    EXPECT_EQ(failure_types(junit.find("Queue", "Pop")), (Types{"", "", "leakcheck.leak"}));
}

TEST(Junit, ParameterisedTestsAreFoundByTheirNames) {
    const Parsed junit(text_of(leaking_report(), gtest_xml()));
    EXPECT_EQ(failure_types(junit.find("Sizes/Buffer", "Grows/1")), Types{"leakcheck.leak"});
    EXPECT_EQ(failure_types(junit.find("Sizes/Buffer", "Grows/0")), Types{});
    Report typed = leaking_report();
    typed.leaks = {make_leak("Holder/1", "Holds", 8, 1, 3)};
    EXPECT_EQ(failure_types(Parsed(text_of(typed, gtest_xml())).find("Holder/1", "Holds")),
              Types{"leakcheck.leak"});
}

// Readers show a skipped test as skipped whatever else it holds.
TEST(Junit, LeaksOfSkippedTestsGoToTheLeakcheckSuite) {
    const Parsed junit(text_of(leaking_report(), gtest_xml()));
    EXPECT_EQ(failure_types(junit.find("Queue", "Skips")), Types{});
    EXPECT_EQ(failure_types(junit.find("leakcheck", "Queue.Skips")), Types{"leakcheck.leak"});
    EXPECT_STREQ(junit.suite("Queue").attribute("skipped").value(), "1");
}

TEST(Junit, LeaksThatDoNotCountFailNothing) {
    const Parsed junit(text_of(leaking_report(), gtest_xml()));
    const auto records = junit.find("Queue", "Records");
    EXPECT_EQ(failure_types(records), Types{});
    EXPECT_NE(std::string(records.child("system-out").text().get()).find("recorded as known"),
              std::string::npos);
    EXPECT_EQ(failure_types(junit.find("leakcheck", "Queue (set-up)")), Types{});
    EXPECT_TRUE(junit.find("leakcheck", "outside tests").child("system-out"));
    const Parsed allowed(text_of(within_budget_report(), gtest_xml()));
    EXPECT_EQ(failure_types(allowed.find("Queue", "Push")), Types{});
    EXPECT_TRUE(allowed.find("Queue", "Push").child("system-out"));
}

TEST(Junit, LeaksOutsideTestsThatCountFailTheLeakcheckSuite) {
    Report report = leaking_report();
    report.leaks[5].not_gated = NotGated::none;
    report.leaks[5].over_budget = true;
    const Parsed junit(text_of(report, gtest_xml()));
    EXPECT_EQ(failure_types(junit.find("leakcheck", "outside tests")), Types{"leakcheck.leak"});
}

// Whether every node and attribute of `part` is in `whole`, in the same order.
void expect_contained(pugi::xml_node part, pugi::xml_node whole) {
    EXPECT_STREQ(part.name(), whole.name());
    EXPECT_STREQ(part.value(), whole.value());
    for (const auto attribute : part.attributes()) {
        const std::string name = attribute.name();
        if (name == "tests" || name == "failures") continue;
        EXPECT_STREQ(attribute.value(), whole.attribute(name.c_str()).value()) << name;
    }
    auto candidate = whole.first_child();
    for (const auto child : part.children()) {
        while (candidate &&
               std::string(candidate.attribute("type").value()).rfind("leakcheck.", 0) == 0) {
            candidate = candidate.next_sibling();
        }
        ASSERT_TRUE(candidate) << child.name();
        expect_contained(child, candidate);
        candidate = candidate.next_sibling();
    }
}

TEST(Junit, EverythingOfGoogleTestIsKept) {
    constexpr unsigned options = pugi::parse_default | pugi::parse_ws_pcdata_single;
    pugi::xml_document before;
    pugi::xml_document after;
    ASSERT_TRUE(before.load_string(gtest_xml().c_str(), options));
    for (const Report& report : {clean_report(), leaking_report()}) {
        ASSERT_TRUE(after.load_string(text_of(report, gtest_xml()).c_str(), options));
        expect_contained(before.child("testsuites"), after.child("testsuites"));
    }
}

TEST(Junit, ACleanRunAddsNoCases) {
    const Parsed junit(text_of(clean_report(), gtest_xml()));
    EXPECT_STREQ(junit.root().attribute("tests").value(), "9");
    EXPECT_STREQ(junit.suite("leakcheck").attribute("tests").value(), "0");
    const auto properties = junit.suite("leakcheck").child("properties");
    EXPECT_STREQ(
        properties.find_child_by_attribute("name", "leakcheck.numbers").attribute("value").value(),
        "counted");
}

TEST(Junit, WithoutXmlTheRunningTestIsNamed) {
    const Parsed junit(text_of(crash_report(), ""));
    const auto pop = junit.find("Queue", "Pop");
    EXPECT_EQ(failure_types(pop), Types{"leakcheck.interrupted"});
    EXPECT_NE(std::string(pop.child("failure").attribute("message").value()).find("SIGSEGV"),
              std::string::npos);
    EXPECT_STREQ(pop.attribute("file").value(), "tests/queue_test.cpp");
    EXPECT_STREQ(junit.suite("Queue").attribute("tests").value(), "2");
}

TEST(Junit, ARunningTestThatTheXmlDoesNotHaveIsStillNamed) {
    Report report = crash_report();
    report.child.running_test = "Late.Test";
    const Parsed junit(text_of(report, gtest_xml()));
    EXPECT_EQ(failure_types(junit.find("leakcheck", "Late.Test")), Types{"leakcheck.interrupted"});
}

TEST(Junit, AProgramWithoutTestsStillHasACase) {
    Report report = no_tests_report();
    report.leaks.clear();
    const Parsed junit(text_of(report, ""));
    EXPECT_TRUE(junit.find("leakcheck", "outside tests"));
}

TEST(Junit, ManyLeaksOfATestAreSummedUp) {
    Report report = leaking_report();
    report.leaks.clear();
    for (std::uint32_t line = 1; line <= 30; ++line)
        report.leaks.push_back(make_leak("Queue", "Push", 8, 1, line));
    const Parsed junit(text_of(report, gtest_xml()));
    const auto types = failure_types(junit.find("Queue", "Push"));
    EXPECT_EQ(types.size(), 21u);
    EXPECT_NE(text_of(report, gtest_xml()).find("10 smaller leaks not listed here"),
              std::string::npos);
}

TEST(Junit, WhatXmlCannotHoldIsCleaned) {
    const std::string xml =
        "<testsuites tests=\"1\" failures=\"0\" name=\"All\xFF\"><testsuite name=\"S\" tests=\"1\" "
        "failures=\"0\">"
        "<testcase name=\"T\" classname=\"S\" "
        "status=\"run\"><system-out>&#1;\x1b[31m</system-out></testcase>"
        "</testsuite></testsuites>";
    for (const std::string& text : {text_of(clean_report(), xml), text_of(hostile_report(), "")}) {
        for (const char byte : text)
            EXPECT_TRUE(byte == '\n' || byte == '\t' || static_cast<unsigned char>(byte) >= 0x20);
        for (const char* forbidden : {"&#01;", "&#1;", "&#27;"}) {
            EXPECT_EQ(text.find(forbidden), std::string::npos) << forbidden;
        }
        EXPECT_EQ(text.find('\xff'), std::string::npos);
    }
}

TEST(Junit, XmlThatCannotBeReadIsAnError) {
    for (const char* xml : {"<testsuites><testsuite>", "not xml", "<html></html>"}) {
        EXPECT_THROW(text_of(clean_report(), xml), ReportError) << xml;
    }
    try {
        text_of(clean_report(), "<html/>");
        FAIL();
    } catch (const ReportError& error) {
        EXPECT_STREQ(error.what(), "GoogleTest's XML has <html> where <testsuites> was expected");
    }
}

}  // namespace
}  // namespace leakcheck
