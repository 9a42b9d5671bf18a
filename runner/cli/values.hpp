// SPDX-License-Identifier: Apache-2.0
//
// Text to value, for option values. Whole text or nothing: no sign, no blanks around, no overflow.
// Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace leakcheck {

// Decimal digits only.
std::optional<std::uint64_t> parse_number(std::string_view text);

// Bytes: a whole number, then nothing, or k, M, G, T (powers of 1000) or Ki, Mi, Gi, Ti (powers of
// 1024), each with or without a B; upper and lower case mean the same; one blank may stand before
// the unit. "4096", "4k" = "4 kB" = 4000, "4Ki" = "4 KiB" = 4096. The `i` alone decides, as in SI
// and IEC 80000-13.
std::optional<std::uint64_t> parse_size(std::string_view text);

// The N of "1:N".
std::optional<std::uint64_t> parse_one_in(std::string_view text);

}  // namespace leakcheck
