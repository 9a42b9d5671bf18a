// SPDX-License-Identifier: Apache-2.0
#include "reporters/console_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reporters/baseline_words.hpp"
#include "reporters/budget_words.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/console_style.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/places.hpp"
#include "reporters/stack_words.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_sentence = 1000;
constexpr std::size_t longest_test_name = 200;
constexpr std::size_t widest_column = 48;  // of test names whose amounts stand in one column

std::string sentence(const std::string& text) {
    return cut(single_line(text), longest_sentence);
}

std::string test_name(const TestResult& test) {
    return cut(single_line(test.name), longest_test_name);
}

std::string status_word(TestStatus status) {
    std::string word(test_status_name(status));
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

Style status_style(TestStatus status) {
    switch (status) {
        case TestStatus::clean:
            return Style::good;
        case TestStatus::within_budget:
            return Style::warning;
        case TestStatus::leaked:
        case TestStatus::interrupted:
            break;
    }
    return Style::bad;
}

std::string status_counts(const Report& report, const Painter& paint) {
    std::string text;
    for (const TestStatus status : {TestStatus::leaked, TestStatus::interrupted,
                                    TestStatus::within_budget, TestStatus::clean}) {
        const auto count =
            std::count_if(report.tests.begin(), report.tests.end(),
                          [&](const TestResult& test) { return test.status == status; });
        if (count == 0) continue;
        const auto number = grouped_digits(static_cast<std::uint64_t>(count));
        text += (text.empty() ? "" : ", ") +
                paint(status_style(status), number + " " + status_word(status));
    }
    return text;
}

std::string budget_words(const TestResult& test) {
    if (!test.budget_bytes && !test.budget_blocks) return "";
    std::string text = ", budget ";
    if (test.budget_bytes) text += human_size(static_cast<double>(*test.budget_bytes));
    if (test.budget_bytes && test.budget_blocks) text += " in ";
    if (test.budget_blocks) text += plural(*test.budget_blocks, "block");
    return text;
}

std::string test_words(const TestResult& test, bool verbose) {
    const bool leaked = test.leaked_blocks.observed > 0;
    const std::string none =
        is_exact(test.leaked_blocks) ? "no leaks that count" : "no leaks observed";
    std::string text =
        leaked ? amount(test.leaked_bytes, test.leaked_blocks, SizeStyle::rounded) : none;
    if (test.status == TestStatus::interrupted) text += ", was running when the command ended";
    text += budget_words(test);
    if (!verbose) return text;
    text +=
        "; allocated " + amount(test.allocated_bytes, test.allocated_blocks, SizeStyle::rounded);
    return test.runs > 1 ? text + fmt::format(" in {}", plural(test.runs, "run")) : text;
}

std::vector<const TestResult*> listed_tests(const Report& report, bool verbose) {
    std::vector<const TestResult*> tests;
    for (const TestResult& test : report.tests) {
        if (verbose || test.status != TestStatus::clean) tests.push_back(&test);
    }
    return tests;
}

void print_table(const std::vector<const TestResult*>& tests, const ConsoleOptions& options,
                 std::ostream& out) {
    const Painter paint(options.colour);
    std::size_t width = 0;
    for (const TestResult* test : tests) {
        width = std::max(width, std::min(test_name(*test).size(), widest_column));
    }
    for (const TestResult* test : tests) {
        const std::string name = fmt::format("{:<{}}", test_name(*test), width);
        out << "  " << paint(status_style(test->status), name) << "  "
            << test_words(*test, options.verbose) << '\n';
    }
}

class RemarkPrinter {
  public:
    RemarkPrinter(const ConsoleOptions& options, std::ostream& out)
        : paint_(options.colour), verbose_(options.verbose), out_(out) {}

    void print(Style style, const std::string& word, const std::string& text) {
        out_ << paint_(style, word + ":") << ' ' << sentence(text) << '\n';
        printed_ = true;
    }

    void left_out(const Report& report) {
        if (report.younger_blocks > 0) {
            print(Style::heading, "left out",
                  fmt::format("{} in {}, younger than -o asks for",
                              human_size(static_cast<double>(report.younger_bytes)),
                              plural(report.younger_blocks, "block")));
        }
        if (verbose_ && report.libc_blocks > 0) {
            print(Style::heading, "left out",
                  fmt::format("{} in {}, which the C library itself keeps",
                              human_size(static_cast<double>(report.libc_bytes)),
                              plural(report.libc_blocks, "block")));
        }
    }

    void losses(const Report& report) {
        std::string harmless;
        for (const Loss& loss : report.losses) {
            if (is_inconclusive_reason(report, loss)) continue;
            const std::string what = fmt::format("{} x {}", grouped_digits(loss.count), loss.name);
            if (loss.harms_verdict || verbose_) {
                print(loss.harms_verdict ? Style::warning : Style::heading, "lost",
                      what + ": " + loss.explanation);
            } else {
                harmless += (harmless.empty() ? "" : ", ") + what;
            }
        }
        if (!harmless.empty())
            print(Style::heading, "lost",
                  harmless + " (no leak is missed by it; --verbose explains)");
    }

    void stacks(const Report& report) {
        const std::string summary = stack_summary_text(report.stacks);
        if (summary.empty()) return;
        print(all_complete(report.stacks) ? Style::heading : Style::warning, "Stacks", summary);
        for (const std::string& text : incomplete_stack_texts(report.stacks)) {
            out_ << "  " << text << '\n';
        }
    }

    void totals(const Report& report) {
        if (!verbose_) return;
        print(Style::heading, "allocated",
              amount(report.allocated_bytes, report.allocated_blocks, SizeStyle::rounded));
    }

    void second_run(const Report& report) {
        const std::string summary = confirm_summary(report.verdict);
        if (!summary.empty()) print(Style::heading, "second run", summary);
    }

    void pointer_checks(const Report& report) {
        if (!verbose_) return;
        constexpr std::size_t most = 20;
        const std::size_t count = std::min(report.pointer_checks.size(), most);
        for (std::size_t index = 0; index < count; ++index)
            print(Style::heading, "pointers", pointer_check_words(report.pointer_checks[index]));
        const std::size_t hidden = report.pointer_checks.size() - count;
        if (hidden > 0) out_ << "  ... " << grouped_digits(hidden) << " more\n";
    }

    void overhead(const Report& report) {
        const std::string summary = overhead_summary(report.overhead);
        if (summary.empty()) return;
        print(report.overhead.pressure.empty() ? Style::heading : Style::warning, "cost", summary);
    }

    void child(const Report& report) {
        const ChildResult& child = report.child;
        const bool well =
            child.end == ProcessEnd::exited && child.status == 0 && child.running_test.empty();
        if (well) return;
        const std::string running =
            child.running_test.empty()
                ? ""
                : " while test " + single_line(child.running_test) + " was running";
        print(Style::bad, "command", how_it_ended(child) + running);
    }

    void budgets(const Report& report) {
        for (const BudgetResult& result : report.budgets) {
            if (!verbose_ && result.leaks == 0) continue;
            print(result.exceeded ? Style::bad : Style::heading, "budget",
                  budget_use_words(result));
        }
    }

    void suppressions(const Report& report) {
        for (const SuppressionResult& result : report.suppressions) {
            if (is_worth_telling(result, verbose_))
                print(Style::heading, "suppression", suppression_words(result));
        }
    }

    void baseline(const Report& report) {
        if (!report.baseline) return;
        print(Style::heading, "baseline", baseline_words(*report.baseline));
        constexpr std::size_t most = 20;
        const auto& fixed = report.baseline->fixed;
        const std::size_t count = verbose_ ? fixed.size() : std::min(fixed.size(), most);
        for (std::size_t index = 0; index < count; ++index)
            out_ << "  fixed: " << sentence(baseline_entry_words(fixed[index])) << '\n';
        if (count < fixed.size())
            out_ << "  ... " << grouped_digits(fixed.size() - count) << " more fixed\n";
    }

    void verdict(const Report& report) {
        for (const Violation& violation : report.verdict.violations) {
            print(Style::bad, "over budget", violation.message);
        }
        for (const std::string& reason : report.verdict.inconclusive_reasons) {
            print(Style::warning, "inconclusive", reason);
        }
    }

    bool printed() const { return printed_; }

  private:
    Painter paint_;
    bool verbose_;
    std::ostream& out_;
    bool printed_ = false;
};

Style verdict_style(VerdictStatus status) {
    switch (status) {
        case VerdictStatus::pass:
            return Style::good;
        case VerdictStatus::fail:
            return Style::bad;
        case VerdictStatus::inconclusive:
            break;
    }
    return Style::warning;
}

}  // namespace

void print_tests(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    if (report.tests.empty()) return;
    const Painter paint(options.colour);
    out << paint(Style::heading, plural(report.tests.size(), "test") + ":") << ' '
        << status_counts(report, paint) << '\n';
    auto tests = listed_tests(report, options.verbose);
    const bool all = options.top == 0 || options.verbose;
    const std::size_t hidden = all ? 0 : tests.size() - std::min(tests.size(), options.top);
    tests.resize(tests.size() - hidden);
    print_table(tests, options, out);
    if (hidden > 0) out << fmt::format("  ... {} (-T 0 shows all)\n", plural(hidden, "more test"));
    out << '\n';
}

void print_remarks(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    RemarkPrinter printer(options, out);
    // Where there is a framework that was not found, a warning says so.
    const bool warned = report.discovery == TestDiscovery::not_found;
    if (!warned && !report.discovery_note.empty())
        printer.print(Style::heading, "tests", report.discovery_note);
    printer.left_out(report);
    printer.stacks(report);
    printer.totals(report);
    printer.pointer_checks(report);
    printer.overhead(report);
    printer.losses(report);
    for (const std::string& warning : report.warnings)
        printer.print(Style::warning, "warning", warning);
    printer.child(report);
    printer.second_run(report);
    printer.suppressions(report);
    printer.baseline(report);
    printer.budgets(report);
    printer.verdict(report);
    if (printer.printed()) out << '\n';
}

void print_verdict(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    const Painter paint(options.colour);
    const VerdictStatus status = report.verdict.status;
    out << "leakcheck: " << paint(verdict_style(status), std::string(verdict_word(status))) << ": "
        << run_summary(report) << '\n';
}

}  // namespace leakcheck
