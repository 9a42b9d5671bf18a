// SPDX-License-Identifier: Apache-2.0
#include "analysis/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace leakcheck {
namespace {

constexpr int own_error_exitcode = 125;

// How one of the two measures is called, and where a leak keeps it.
struct Measure {
    const char* one;
    const char* many;
    Quantity Leak::*of_leak;

    std::string count(std::uint64_t n) const {
        return fmt::format("{} {}", n, n == 1 ? one : many);
    }
};

constexpr Measure bytes_measure{"byte", "bytes", &Leak::bytes};
constexpr Measure blocks_measure{"block", "blocks", &Leak::blocks};

std::string where(const Leak& leak) {
    if (!leak.site.file.empty()) {
        return fmt::format("{} at {}:{}", leak.owner, leak.site.file, leak.site.line);
    }
    if (!leak.site.function.empty()) return fmt::format("{} in {}", leak.owner, leak.site.function);
    return leak.owner;
}

std::string worst_offender(const Scope& scope, const Measure& measure) {
    const auto worst = std::max_element(
        scope.leaks.begin(), scope.leaks.end(), [&measure](const Leak* a, const Leak* b) {
            return (a->*measure.of_leak).estimate < (b->*measure.of_leak).estimate;
        });
    if (worst == scope.leaks.end()) return {};
    return fmt::format("{}: {}", scope.leaks.size() == 1 ? "the leak" : "the worst leak",
                       where(**worst));
}

bool is_exact(const Quantity& quantity) {
    return quantity.upper <= static_cast<double>(quantity.observed);
}

std::string amount(const Quantity& quantity, const Measure& measure) {
    if (is_exact(quantity)) return measure.count(quantity.observed);
    return fmt::format("at least {} (about {:.0f})", measure.count(quantity.observed),
                       quantity.estimate);
}

std::string by_rule(const Scope& scope) {
    return scope.rule ? fmt::format(" (budget \"{}\")", scope.rule_name) : "";
}

std::string allowance(std::uint64_t budget, const Measure& measure) {
    if (budget == 0) return "none is allowed";
    return fmt::format("{} {} allowed", measure.count(budget), budget == 1 ? "is" : "are");
}

Violation make_violation(const Scope& scope, const Quantity& quantity, std::uint64_t budget,
                         const Measure& measure) {
    return {scope.name,
            measure.many,
            static_cast<double>(quantity.observed),
            budget,
            fmt::format("the {} leaked {} where {}{}; {}", scope.name, amount(quantity, measure),
                        allowance(budget, measure), by_rule(scope), worst_offender(scope, measure)),
            scope.rule_name};
}

std::string doubt(const Scope& scope, const Quantity& quantity, std::uint64_t budget,
                  const Measure& measure) {
    return fmt::format(
        "the {} may have leaked up to {:.0f} {} ({} seen, {} allowed{}); run again with -s 1 to "
        "decide",
        scope.name, quantity.upper, measure.many, quantity.observed, budget, by_rule(scope));
}

void judge_measure(const Scope& scope, const Quantity& quantity, std::uint64_t budget,
                   const Measure& measure, Verdict& verdict) {
    if (is_within(quantity, budget)) return;
    if (quantity.observed > budget) {
        verdict.violations.push_back(make_violation(scope, quantity, budget, measure));
    } else {
        verdict.inconclusive_reasons.push_back(doubt(scope, quantity, budget, measure));
    }
}

}  // namespace

bool is_within(const Quantity& quantity, std::uint64_t budget) {
    return budget == UINT64_MAX || quantity.observed == 0 ||
           quantity.upper <= static_cast<double>(budget);
}

bool is_exceeded(const Scope& scope) {
    return scope.bytes.observed > scope.max_bytes || scope.blocks.observed > scope.max_blocks;
}

Verdict judge(const std::vector<Scope>& scopes, const std::vector<Loss>& losses,
              const std::vector<std::string>& blind_spots) {
    Verdict verdict;
    for (const Scope& scope : scopes) {
        judge_measure(scope, scope.bytes, scope.max_bytes, bytes_measure, verdict);
        judge_measure(scope, scope.blocks, scope.max_blocks, blocks_measure, verdict);
    }
    for (const Loss& loss : losses) {
        if (!loss.harms_verdict || loss.count == 0) continue;
        verdict.inconclusive_reasons.push_back(
            fmt::format("{} ({} times): {}", loss.name, loss.count, loss.explanation));
    }
    verdict.inconclusive_reasons.insert(verdict.inconclusive_reasons.end(), blind_spots.begin(),
                                        blind_spots.end());
    if (!verdict.violations.empty()) {
        verdict.status = VerdictStatus::fail;
    } else if (!verdict.inconclusive_reasons.empty()) {
        verdict.status = VerdictStatus::inconclusive;
    }
    return verdict;
}

int command_status(const ChildResult& child) {
    switch (child.end) {
        case ProcessEnd::exited:
            return child.status;
        case ProcessEnd::signaled:
            return 128 + child.status;
        case ProcessEnd::running:
        case ProcessEnd::replaced:
            break;
    }
    return 0;
}

int choose_exit_code(const ChildResult& child, VerdictStatus verdict,
                     const AnalysisOptions& options) {
    if (const int status = command_status(child); status != 0) return status;
    if (options.exit_zero) return 0;
    switch (verdict) {
        case VerdictStatus::fail:
            return options.error_exitcode;
        case VerdictStatus::inconclusive:
            return own_error_exitcode;
        case VerdictStatus::pass:
            break;
    }
    return 0;
}

}  // namespace leakcheck
