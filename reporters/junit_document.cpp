// SPDX-License-Identifier: Apache-2.0
#include "reporters/junit_document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/text.hpp"

namespace leakcheck {
namespace {

void set(pugi::xml_node node, const char* attribute, std::string_view value) {
    auto found = node.attribute(attribute);
    if (!found) found = node.append_attribute(attribute);
    found.set_value(std::string(value).c_str());
}

void increment(pugi::xml_node node, const char* counter) {
    set(node, counter, std::to_string(node.attribute(counter).as_ullong() + 1));
}

bool was_run(pugi::xml_node test_case) {
    return std::string_view(test_case.attribute("status").as_string("run")) != "notrun" &&
           !test_case.child("skipped");
}

// Whatever characters came in, in references too, XML readers accept what goes out.
class CharacterCleaner : public pugi::xml_tree_walker {
  public:
    bool for_each(pugi::xml_node& node) override {
        for (pugi::xml_attribute attribute : node.attributes()) {
            attribute.set_value(xml_characters(attribute.value()).c_str());
        }
        node.set_value(xml_characters(node.value()).c_str());
        return true;
    }
};

pugi::xml_node add_case_for(JunitDocument& document, pugi::xml_node suite, const TestResult& test) {
    const pugi::xml_node node = document.add_case(suite, test.test, test.suite);
    if (test.definition && has_line(*test.definition)) {
        set(node, "file", test.definition->file);
        set(node, "line", std::to_string(test.definition->line));
    }
    set(node, "result", "completed");
    return node;
}

}  // namespace

JunitDocument JunitDocument::from_gtest(const std::string& xml) {
    JunitDocument junit;
    constexpr unsigned options =
        pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_comments | pugi::parse_pi;
    const auto result =
        junit.document_.load_buffer(xml.data(), xml.size(), options, pugi::encoding_utf8);
    if (!result) {
        throw ReportError(fmt::format("GoogleTest's XML cannot be read: {} at byte {} of {}",
                                      result.description(), result.offset, xml.size()));
    }
    junit.root_ = junit.document_.child("testsuites");
    if (!junit.root_) {
        throw ReportError(fmt::format("GoogleTest's XML has <{}> where <testsuites> was expected",
                                      single_line(junit.document_.document_element().name())));
    }
    junit.index_cases();
    return junit;
}

JunitDocument JunitDocument::from_report(const Report& report) {
    JunitDocument junit;
    junit.root_ = junit.document_.append_child("testsuites");
    for (const char* counter : {"tests", "failures", "disabled", "errors"})
        set(junit.root_, counter, "0");
    set(junit.root_, "time", fmt::format("{:.3f}", report.wall_seconds));
    set(junit.root_, "name", "AllTests");
    std::unordered_map<std::string, pugi::xml_node> suites;
    for (const TestResult& test : report.tests) {
        auto& suite = suites[test.suite];
        if (!suite) suite = junit.add_suite(test.suite);
        add_case_for(junit, suite, test);
    }
    junit.index_cases();
    return junit;
}

void JunitDocument::index_cases() {
    for (const pugi::xml_node suite : root_.children("testsuite")) {
        for (const pugi::xml_node test_case : suite.children("testcase")) {
            const std::string suite_name = test_case.attribute("classname").value();
            cases_.try_emplace(suite_name + "." + test_case.attribute("name").value(), test_case);
        }
    }
}

pugi::xml_node JunitDocument::find_case(const std::string& test_name) const {
    const auto found = cases_.find(test_name);
    return found != cases_.end() && was_run(found->second) ? found->second : pugi::xml_node();
}

pugi::xml_node JunitDocument::add_suite(std::string_view name) {
    pugi::xml_node suite = root_.append_child("testsuite");
    set(suite, "name", name);
    for (const char* counter : {"tests", "failures", "disabled", "skipped", "errors"})
        set(suite, counter, "0");
    return suite;
}

pugi::xml_node JunitDocument::add_case(pugi::xml_node suite, std::string_view name,
                                       std::string_view class_name) {
    pugi::xml_node test_case = suite.append_child("testcase");
    set(test_case, "name", name);
    set(test_case, "status", "run");
    set(test_case, "classname", class_name);
    increment(suite, "tests");
    increment(root_, "tests");
    return test_case;
}

void JunitDocument::add_failure(pugi::xml_node test_case, std::string_view type,
                                const std::string& message, const std::string& text) {
    pugi::xml_node last;
    for (const pugi::xml_node failure : test_case.children("failure")) last = failure;
    pugi::xml_node failure =
        last ? test_case.insert_child_after("failure", last) : test_case.prepend_child("failure");
    set(failure, "type", type);
    set(failure, "message", message);
    failure.append_child(pugi::node_pcdata).set_value(text.c_str());
    if (last) return;
    increment(test_case.parent(), "failures");
    increment(root_, "failures");
}

void JunitDocument::add_output(pugi::xml_node test_case, const std::string& text) {
    test_case.append_child("system-out").append_child(pugi::node_pcdata).set_value(text.c_str());
}

void JunitDocument::write(std::ostream& out) {
    CharacterCleaner cleaner;
    document_.traverse(cleaner);
    pugi::xml_node declaration = document_.prepend_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    document_.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

void add_property(pugi::xml_node suite, std::string_view name, const std::string& value) {
    pugi::xml_node properties = suite.child("properties");
    if (!properties) properties = suite.prepend_child("properties");
    pugi::xml_node property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", value);
}

}  // namespace leakcheck
