// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/sampling_mode.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "abi/leakcheck_abi.h"
#include "runner/cli/values.hpp"

namespace leakcheck {
namespace {

constexpr std::uint64_t default_adaptive_rate = 1000;
constexpr std::uint64_t no_end = UINT64_MAX;

Problem refusal(std::string_view text, const std::string& accepted) {
    return {fmt::format("\"{}\" is not accepted; {}", text, accepted)};
}

std::optional<std::uint64_t> in_range(std::optional<std::uint64_t> number, std::uint64_t largest) {
    return number && *number >= 1 && *number <= largest ? number : std::nullopt;
}

std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix) return std::nullopt;
    return text.substr(prefix.size());
}

Outcome<SamplingMode> parse_one_in_mode(std::string_view text) {
    const auto rate = in_range(parse_one_in(text), largest_sampling_rate);
    if (!rate) {
        return refusal(text, fmt::format("give 1:N with N from 1 to {}", largest_sampling_rate));
    }
    return one_in(*rate);
}

Outcome<SamplingMode> parse_adaptive(std::string_view text, std::string_view number) {
    const auto rate = in_range(parse_number(number), largest_sampling_rate);
    if (!rate) {
        return refusal(text,
                       fmt::format("give adaptive:N with N from 1 to {}", largest_sampling_rate));
    }
    return SamplingMode{SamplingKind::adaptive, *rate, 0, {}, std::string(text)};
}

Outcome<SamplingMode> parse_bytes(std::string_view text, std::string_view size) {
    const auto mean = in_range(parse_size(size), largest_sampling_bytes);
    if (!mean) {
        return refusal(text, "give bytes:T with T from 1 to 1Ti, a size such as 512Ki");
    }
    return SamplingMode{SamplingKind::bytes, *mean, *mean, {}, std::string(text)};
}

// ---- Classes of sizes ------------------------------------------------------------------------------

struct SizeClass {
    std::uint64_t from = 0;
    SizeStratum stratum;
};

bool set_sizes(std::string_view range, SizeClass& sizes) {
    std::optional<std::uint64_t> from = 0;
    std::optional<std::uint64_t> below = no_end;
    if (const auto end = after(range, "<")) {
        below = parse_size(*end);
    } else if (const auto begin = after(range, ">")) {
        from = parse_size(*begin);
    } else {
        const std::size_t dash = range.find('-');
        if (dash == std::string_view::npos) return false;
        from = parse_size(range.substr(0, dash));
        below = parse_size(range.substr(dash + 1));
    }
    if (!from || !below || *from >= *below) return false;
    sizes.from = *from;
    sizes.stratum.below = *below;
    return true;
}

Outcome<SizeClass> parse_class(std::string_view text) {
    SizeClass sizes;
    const std::size_t equals = std::min(text.find('='), text.size());
    const bool has_rate = equals < text.size();
    const auto rate = has_rate
                          ? in_range(parse_one_in(text.substr(equals + 1)), largest_sampling_rate)
                          : std::nullopt;
    if (!rate || !set_sizes(text.substr(0, equals), sizes)) {
        return refusal(text, fmt::format("give sizes and their rate, <B=1:N, A-B=1:N or >A=1:N, "
                                         "with A below B and N from 1 to {}",
                                         largest_sampling_rate));
    }
    sizes.stratum.rate = *rate;
    return sizes;
}

// What is wrong with a class that comes after all sizes below `covered`.
std::optional<Problem> check_order(std::string_view text, const SizeClass& sizes,
                                   std::uint64_t covered) {
    if (sizes.from > covered) {
        return refusal(text,
                       fmt::format("sizes from {} up to {} bytes have no rate; let the classes "
                                   "follow each other",
                                   covered, sizes.from));
    }
    if (sizes.from < covered) {
        return refusal(text, "it overlaps the class before it; name classes by rising size");
    }
    return std::nullopt;
}

Outcome<SamplingMode> parse_strata(std::string_view text) {
    SamplingMode mode{SamplingKind::strata, 1, 0, {}, std::string(text)};
    std::uint64_t covered = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string_view part = text.substr(begin, end - begin);
        const auto parsed = parse_class(part);
        if (const auto* problem = std::get_if<Problem>(&parsed)) return *problem;
        const auto& sizes = std::get<SizeClass>(parsed);
        if (auto problem = check_order(part, sizes, covered)) return *problem;
        covered = sizes.stratum.below;
        mode.strata.push_back(sizes.stratum);
        mode.rate = std::max(mode.rate, sizes.stratum.rate);
        begin = end + 1;
    }
    if (covered != no_end) {
        return refusal(
            text, fmt::format("sizes from {0} bytes on have no rate; end with >{0}=1:N", covered));
    }
    if (mode.strata.size() > LEAKCHECK_MAX_STRATA) {
        return refusal(text, fmt::format("give at most {} classes", LEAKCHECK_MAX_STRATA));
    }
    return mode;
}

}  // namespace

SamplingMode one_in(std::uint64_t rate) {
    return {SamplingKind::one_in, rate, 0, {}, fmt::format("1:{}", rate)};
}

Outcome<SamplingMode> parse_sampling_mode(std::string_view text) {
    if (text == "counted") return SamplingMode{SamplingKind::counted, 1, 0, {}, "counted"};
    if (text == "auto-rate") {
        return SamplingMode{SamplingKind::auto_rate, most_auto_rate, 0, {}, "auto-rate"};
    }
    if (text == "adaptive") {
        return SamplingMode{SamplingKind::adaptive, default_adaptive_rate, 0, {}, "adaptive"};
    }
    if (const auto number = after(text, "adaptive:")) return parse_adaptive(text, *number);
    if (const auto size = after(text, "bytes:")) return parse_bytes(text, *size);
    if (after(text, "1:")) return parse_one_in_mode(text);
    if (text.find('=') != std::string_view::npos) return parse_strata(text);
    return refusal(text,
                   "give counted, adaptive, adaptive:N, 1:N, bytes:T, auto-rate, or rates by size "
                   "such as \"<1k=1:5000,1k-64k=1:1000,>64k=1:100\"");
}

std::uint32_t default_first_samples(SamplingKind kind) {
    switch (kind) {
        case SamplingKind::adaptive:
            return 32;
        case SamplingKind::counted:
            return 2;
        default:
            return 0;
    }
}

}  // namespace leakcheck
