// SPDX-License-Identifier: Apache-2.0
//
// One function a format: a report in, text out. Nothing is read but the report (and, for JUnit, the XML
// that GoogleTest wrote); nothing is written but the stream. Output is valid for its format whatever
// bytes the program under test put into names and paths. Thread safety: free functions without state.
// Errors: a failing stream is left in its failed state for the caller to see; render_junit throws
// ReportError when the XML to merge into is not XML.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>

#include "analysis/report.hpp"

namespace leakcheck {

class ReportError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

enum class Colour { off, on };

struct ConsoleOptions {
    Colour colour = Colour::off;
    std::size_t top = 10;               // leaks printed at most (-T)
    bool quiet = false;                 // the summary line only
    bool verbose = false;               // all frames, all losses, per-test totals
    bool profile = false;               // which tests take longest and allocate most
    LeakKinds show = shown_by_default;  // what does not count is listed if it is of these kinds
};

// For people, on leakcheck's stderr.
void render_console(const Report& report, const ConsoleOptions& options, std::ostream& out);

// The result file that others read; see docs/result.schema.json.
void render_json(const Report& report, std::ostream& out);

// GoogleTest's own XML with the leaks merged in; without it (empty text), XML of what leakcheck saw.
void render_junit(const Report& report, const std::string& gtest_xml, std::ostream& out);

// SARIF 2.1.0 for code scanning. Source lines for the line hash are read through `read_source`, which
// returns the text of a file named relative to the source root (or absolute), or nullopt.
using ReadSourceFn = std::function<std::optional<std::string>(const std::string& file)>;
void render_sarif(const Report& report, const ReadSourceFn& read_source, std::ostream& out);

// GitHub workflow commands (annotations). What does not count is annotated if it is of the kinds `show`.
void render_github(const Report& report, LeakKinds show, std::ostream& out);

// What keeps one leak, step by step. `number`: its place in the report's list, from 1 on. `why_unknown`: a sentence
// for where no path is known though something keeps it.
void render_explanation(const Leak& leak, std::size_t number, const std::string& why_unknown,
                        std::ostream& out);

// The leaks as valgrind's memcheck prints them, for CTest (Source/CTest/cmCTestMemCheckHandler.cxx) and other
// readers of its log. `process` stands where the process id does. What does not count is listed if it is of the
// kinds `show`, and else summed as suppressed.
void render_valgrind(const Report& report, LeakKinds show, long process, std::ostream& out);

// What counts, as LeakSanitizer prints it.
void render_leak_sanitizer(const Report& report, long process, std::ostream& out);

// The figures of the run as measurements that CTest hands on to CDash, one a line.
void render_cdash(const Report& report, std::ostream& out);

}  // namespace leakcheck
