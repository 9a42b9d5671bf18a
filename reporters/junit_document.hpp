// SPDX-License-Identifier: Apache-2.0
//
// GoogleTest's XML as a document that failures can be added to, its counters kept right. The
// dialect is described by docs/junit.xsd. Thread safety: none needed; one document belongs to one
// caller.
#pragma once

#include <optional>
#include <ostream>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

#include "analysis/report.hpp"

namespace leakcheck {

class JunitDocument {
  public:
    // From what GoogleTest wrote; everything in it is kept. Throws ReportError if it is not XML, or
    // not a report of tests.
    static JunitDocument from_gtest(const std::string& xml);
    // From the tests that leakcheck saw, for a run that left no XML.
    static JunitDocument from_report(const Report& report);

    // The case of a test that ran and was not skipped ("Suite.Test"), or a null node. Others cannot
    // carry a failure: readers show a skipped test as skipped whatever else it holds.
    pugi::xml_node find_case(const std::string& test_name) const;

    // Appends an empty suite or case, counted where needed. Valid until the document goes.
    pugi::xml_node add_suite(std::string_view name);
    pugi::xml_node add_case(pugi::xml_node suite, std::string_view name,
                            std::string_view class_name);

    // Adds a failure after those that are there. The counters of suite and document rise by one if
    // the case had none.
    void add_failure(pugi::xml_node test_case, std::string_view type, const std::string& message,
                     const std::string& text);
    // Appends text that is shown with the case but fails nothing.
    void add_output(pugi::xml_node test_case, const std::string& text);

    // Drops what XML cannot hold and writes the document as UTF-8.
    void write(std::ostream& out);

  private:
    JunitDocument() = default;
    void index_cases();

    pugi::xml_document document_;
    pugi::xml_node root_;
    std::unordered_map<std::string, pugi::xml_node> cases_;  // by "classname.name"; the first wins
};

// Appends `<property name= value=>` to the suite's properties, which come before its cases.
void add_property(pugi::xml_node suite, std::string_view name, const std::string& value);

}  // namespace leakcheck
