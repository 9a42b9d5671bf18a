// SPDX-License-Identifier: Apache-2.0
#include "reporters/sampling_words.hpp"

#include <fmt/format.h>

#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

std::string size_limits(const SamplingInfo& sampling) {
    const bool least = sampling.min_size > 0;
    const bool most = sampling.max_size != UINT64_MAX;
    if (least && most) {
        return fmt::format(" of {} to {} bytes", grouped_digits(sampling.min_size),
                           grouped_digits(sampling.max_size));
    }
    if (least) return fmt::format(" of {} bytes or more", grouped_digits(sampling.min_size));
    return most ? fmt::format(" of {} bytes or less", grouped_digits(sampling.max_size)) : "";
}

// The text as the subject of a sentence, and the verb that goes with it.
struct Sampled {
    std::string what;
    std::string_view verb = "was";
};

std::string by_size(const SamplingInfo& sampling, const std::string& limits) {
    std::string text;
    for (const SizeStratum& stratum : sampling.strata) {
        const bool first = text.empty();
        const bool last = stratum.below == UINT64_MAX;
        const std::string noun = first ? " allocations" + limits : "";
        const std::string sizes =
            last ? (first ? "" : " of the rest")
                 : fmt::format(" below {} bytes", grouped_digits(stratum.below));
        text += fmt::format("{}1 in {}{}{}",
                            first  ? ""
                            : last ? " and "
                                   : ", ",
                            grouped_digits(stratum.rate), noun, sizes);
    }
    return text;
}

Sampled sampled(const SamplingInfo& sampling) {
    const std::string limits = size_limits(sampling);
    switch (sampling.kind) {
        case SamplingKind::adaptive:
            return {
                fmt::format("the first {} allocations{} of each calling context in a test, then "
                            "ever fewer down to 1 in {},",
                            sampling.first_samples, limits, grouped_digits(sampling.rate)),
                "were"};
        case SamplingKind::bytes:
            return {fmt::format("1 in {} bytes of allocations{}",
                                grouped_digits(sampling.mean_bytes), limits)};
        case SamplingKind::strata:
            return {by_size(sampling, limits)};
        case SamplingKind::auto_rate:
            return {fmt::format("1 in {} to {} allocations{}, by how often they came,",
                                grouped_digits(least_auto_rate), grouped_digits(most_auto_rate),
                                limits)};
        case SamplingKind::counted:
        case SamplingKind::one_in:
            break;
    }
    return {fmt::format("1 in {} allocations{}", grouped_digits(sampling.rate), limits)};
}

std::string_view how_exact(const SamplingInfo& sampling) {
    return sampling.kind == SamplingKind::counted ? "counted" : "traced";
}

}  // namespace

std::string coverage(const SamplingInfo& sampling) {
    if (is_exact(sampling)) {
        return fmt::format("every allocation{} was {}", size_limits(sampling), how_exact(sampling));
    }
    const Sampled words = sampled(sampling);
    return fmt::format("{} {} sampled", words.what, words.verb);
}

std::string coverage_note(const SamplingInfo& sampling) {
    if (is_exact(sampling)) {
        return fmt::format("{}: every allocation{}", how_exact(sampling), size_limits(sampling));
    }
    std::string what = sampled(sampling).what;
    if (what.back() == ',') what.pop_back();
    return "sampled: " + what;
}

std::string_view measured(const SamplingInfo& sampling) {
    return is_exact(sampling) ? "counted" : "estimated";
}

}  // namespace leakcheck
