// SPDX-License-Identifier: Apache-2.0
//
// How reports put numbers and states into words, the same in every format for people. An estimate
// is never worded like a count. Sizes for people are in SI units (1 kB = 1,000 bytes). Text that
// came from the program is on one harmless line. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/report.hpp"

namespace leakcheck {

enum class SizeStyle {
    rounded,  // "2.0 kB", "1,400 blocks": for the console
    plain,    // "2048 bytes", "1400 blocks": for what programs may search through
};

// "1 leak", "1,400 leaks": the noun takes an s.
std::string plural(std::uint64_t count, std::string_view noun);

// "1,400".
std::string grouped_digits(std::uint64_t count);

// "0 bytes", "999 bytes", "2.0 kB", "15 MB".
std::string human_size(double bytes);

// Nothing in it is estimated.
bool is_exact(const Quantity& quantity);

// "2.0 kB in 16 blocks", or
// "observed 2.0 kB in 16 blocks, estimated about 200 kB (120 kB to 280 kB) in about ... blocks (...
// to ...)".
std::string amount(const Quantity& bytes, const Quantity& blocks, SizeStyle style);

// The same of what is certain.
std::string exact_amount(std::uint64_t bytes, std::uint64_t blocks, SizeStyle style);

// Its two halves: what was seen, "2.0 kB in 16 blocks"; and "estimated about ...", empty where
// exact.
std::string observed_amount(const Quantity& bytes, const Quantity& blocks, SizeStyle style);
std::string estimated_amount(const Quantity& bytes, const Quantity& blocks, SizeStyle style);

// The owner as the end of "... leaked": "by test List.Append", "outside every test", "in List
// (set-up)". `name` is how the format shows the owner's name.
std::string by_owner(OwnerKind kind, std::string_view name);

// The owner's name, at most 300 bytes.
std::string owner_name(const Leak& leak);

// Why a leak does not count against the budget; empty for NotGated::none.
std::string why_not_gated(const Leak& leak);

// How a test went, for programs: "clean", "leaked", "within_budget", "interrupted".
std::string_view test_status_name(TestStatus status);

// "exited with status 3", "died by signal 11 (SIGSEGV, core dumped)".
std::string how_it_ended(const ChildResult& child);

// The loss is told already, among the reasons why the verdict is inconclusive.
bool is_inconclusive_reason(const Report& report, const Loss& loss);

// "PASS", "FAIL", "INCONCLUSIVE".
std::string_view verdict_word(VerdictStatus status);

// The run in one sentence, without the verdict: leaks, amount, tests, coverage, a violent end.
std::string run_summary(const Report& report);

}  // namespace leakcheck
