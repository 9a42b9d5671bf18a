// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/reporters/rendering.hpp"

#include <sstream>

#include "reporters/reporters.hpp"

namespace leakcheck {
namespace {

std::string console(const Sample& sample, const ConsoleOptions& options) {
    std::ostringstream out;
    render_console(sample.report, options, out);
    return out.str();
}

std::string plain_console(const Sample& sample) {
    return console(sample, {});
}

std::string verbose_console(const Sample& sample) {
    return console(sample, {Colour::off, 0, false, true});
}

std::string json(const Sample& sample) {
    std::ostringstream out;
    render_json(sample.report, out);
    return out.str();
}

std::string junit(const Sample& sample) {
    std::ostringstream out;
    render_junit(sample.report, sample.has_gtest_xml ? gtest_xml() : "", out);
    return out.str();
}

std::string sarif(const Sample& sample) {
    std::ostringstream out;
    render_sarif(sample.report, sample_source, out);
    return out.str();
}

std::string github(const Sample& sample) {
    std::ostringstream out;
    render_github(sample.report, shown_by_default, out);
    return out.str();
}

std::string valgrind(const Sample& sample) {
    std::ostringstream out;
    render_valgrind(sample.report, shown_by_default, 4711, out);
    return out.str();
}

std::string leak_sanitizer(const Sample& sample) {
    std::ostringstream out;
    render_leak_sanitizer(sample.report, 4711, out);
    return out.str();
}

std::string cdash(const Sample& sample) {
    std::ostringstream out;
    render_cdash(sample.report, out);
    return out.str();
}

}  // namespace

const std::vector<Format>& formats() {
    static const std::vector<Format> all{{"console", "txt", plain_console},
                                         {"console-verbose", "txt", verbose_console},
                                         {"json", "json", json},
                                         {"junit", "xml", junit},
                                         {"sarif", "json", sarif},
                                         {"github", "txt", github},
                                         {"valgrind", "txt", valgrind},
                                         {"lsan", "txt", leak_sanitizer},
                                         {"cdash", "txt", cdash}};
    return all;
}

}  // namespace leakcheck
