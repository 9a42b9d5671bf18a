// SPDX-License-Identifier: Apache-2.0
#include "reporters/console_sums.hpp"

#include <fmt/format.h>

#include <string>

#include "reporters/console_style.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_name = 200;

std::string short_name(const std::string& name) {
    return cut(single_line(name), longest_name);
}

std::string place(const SourceLocation& site) {
    if (!site.file.empty()) return fmt::format("{}:{}", short_name(site.file), site.line);
    return site.function.empty() ? "an unknown place" : short_name(site.function);
}

std::string leaked(const Quantity& bytes, const Quantity& blocks) {
    if (blocks.observed > 0) return amount(bytes, blocks, SizeStyle::rounded) + " leaked";
    return is_exact(blocks) ? "no leaks that count" : "no leaks observed";
}

}  // namespace

void print_sums(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    const Painter paint(options.colour);
    if (!report.suites.empty())
        out << paint(Style::heading, plural(report.suites.size(), "suite") + ":") << '\n';
    for (const SuiteResult& suite : report.suites) {
        out << fmt::format(
            "  {}, {}: {}; {} allocated\n", short_name(suite.name), plural(suite.tests, "test"),
            leaked(suite.leaked_bytes, suite.leaked_blocks),
            amount(suite.allocated_bytes, suite.allocated_blocks, SizeStyle::rounded));
    }
    if (!report.suites.empty()) out << '\n';
    if (!report.sites.empty())
        out << paint(Style::heading, plural(report.sites.size(), "leak site") + ":") << '\n';
    for (const SiteResult& site : report.sites) {
        out << fmt::format("  {}: {}, {}\n", place(site.site), plural(site.leaks, "leak"),
                           amount(site.leaked_bytes, site.leaked_blocks, SizeStyle::rounded));
    }
    if (!report.sites.empty()) out << '\n';
}

}  // namespace leakcheck
