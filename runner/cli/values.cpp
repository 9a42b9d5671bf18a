// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/values.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <string>

namespace leakcheck {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::uint64_t power(std::uint64_t base, std::size_t exponent) {
    std::uint64_t result = 1;
    for (std::size_t i = 0; i < exponent; ++i) result *= base;
    return result;
}

std::optional<std::uint64_t> unit_factor(std::string_view unit) {
    std::string rest = lower(unit);
    if (!rest.empty() && rest.back() == 'b') rest.pop_back();
    if (rest.empty()) return 1;
    const std::size_t exponent = std::string_view("kmgt").find(rest[0]);
    if (exponent == std::string_view::npos) return std::nullopt;
    if (rest.size() == 1) return power(1000, exponent + 1);
    if (rest.substr(1) == "i") return power(1024, exponent + 1);
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, digits));
    std::string_view unit = text.substr(digits);
    if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
    const auto factor = unit_factor(unit);
    if (!number || !factor) return std::nullopt;
    if (*number > std::numeric_limits<std::uint64_t>::max() / *factor) return std::nullopt;
    return *number * *factor;
}

std::optional<std::uint64_t> parse_one_in(std::string_view text) {
    if (text.substr(0, 2) != "1:") return std::nullopt;
    return parse_number(text.substr(2));
}

}  // namespace leakcheck
