// SPDX-License-Identifier: Apache-2.0
//
// How reports for people tell of the kinds of leaks, in the words of valgrind and LeakSanitizer.
// Thread safety: free functions without state.
#pragma once

#include <string>
#include <string_view>

#include "analysis/report.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {

// What stands between amount and owner: "definitely leaked", "still reachable, allocated"; "leaked" where
// pointers were not looked at.
std::string_view kind_verb(LeakKind kind);

// What stands before the owner in a title: "Leak", "Possible leak", "Still reachable, allocated".
std::string_view kind_title(LeakKind kind);

// What stands before a sum: "Still reachable at the end".
std::string_view kind_heading(LeakKind kind);

// "and 50 bytes in 5 blocks that only it leads to"; empty where there are none.
std::string indirect_words(const Leak& leak, SizeStyle style);
// The same in brackets behind a blank.
std::string indirect_suffix(const Leak& leak, SizeStyle style);

// Of what was released late: "freed during Suite.Test and 2 others"; else empty.
std::string release_words(const Leak& leak);

// Of a test that ran repeatedly: "its test ran 5 times: 3 blocks each time, 1.2 kB"; a cache without bound shows so.
// Empty where the numbers are those of one repetition (Leak::repetition).
std::string amount_per_run(const Leak& leak);

// Why a leak of this kind does not count (NotGated::kind).
std::string why_kind_is_not_gated(LeakKind kind);

// How the pointers of a process were looked at, and why not all were.
std::string pointer_check_words(const CheckedProcess& checked);

}  // namespace leakcheck
