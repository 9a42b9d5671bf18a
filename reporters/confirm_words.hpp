// SPDX-License-Identifier: Apache-2.0
//
// How reports put into words what the second run of tests said, and what tracing cost; the same in every
// format. Thread safety: free functions without state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// What became of a leak, in phrases: "confirmed: ...", "grows by ...". Empty where no second run was made;
// what why_not_gated() tells is not told again.
std::vector<std::string> confirm_remarks(const Leak& leak);

// The same behind an amount: " (confirmed: ...; grows by ...)"; empty where there is nothing to say.
std::string confirm_suffix(const Leak& leak);

// How the amounts of leaks came about, as coverage() and measured() tell it of the run: an exact run of their
// tests is better than a sampled first one.
std::string coverage_of(const SamplingInfo& sampling, const std::vector<const Leak*>& leaks);
std::string_view measured_of(const SamplingInfo& sampling, const std::vector<const Leak*>& leaks);

// The second run in one sentence; empty where none was made.
std::string confirm_summary(const Verdict& verdict);

// What tracing cost in one sentence; empty where it is not known.
std::string overhead_summary(const Overhead& overhead);

// For programs. None is empty: "confirmed", "not reproduced", "unconfirmed".
std::string_view confirmation_name(Confirmation confirmation);
// "one-time", "growing"; empty where nothing was repeated.
std::string_view growth_name(Growth growth);
// As --not-reproduced takes it: "fail", "warn", "ignore".
std::string_view policy_name(NotReproducedPolicy policy);
// "first", "confirm".
std::string_view stage_name(VerdictStage stage);

}  // namespace leakcheck
