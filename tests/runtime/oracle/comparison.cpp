// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/comparison.hpp"

#include <algorithm>

#include "runner/record/fields.hpp"

namespace leakcheck::oracle {
namespace {

std::size_t count_agreeing(const std::vector<std::uint64_t>& a,
                           const std::vector<std::uint64_t>& b) {
    const auto [end, ignored] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(end - a.begin());
}

// All of the recorded frames that libdw can say something about are as it says.
bool is_confirmed(std::size_t agreeing, const StackRecord& recorded, const UnwoundStack& actual) {
    return agreeing >= std::min(recorded.frames.size(), actual.certain);
}

Verdict judge_complete(std::size_t agreeing, const StackRecord& recorded,
                       const UnwoundStack& actual) {
    if (!is_confirmed(agreeing, recorded, actual)) return Verdict::different;
    if (actual.ended) {
        return recorded.frames.size() == actual.frames.size() ? Verdict::identical
                                                              : Verdict::different;
    }
    return recorded.frames.size() < actual.certain ? Verdict::different : Verdict::unconfirmed;
}

Verdict judge_truncated(std::size_t agreeing, const StackRecord& recorded,
                        const UnwoundStack& actual, std::size_t depth) {
    if (!is_confirmed(agreeing, recorded, actual)) return Verdict::different;
    if (recorded.frames.size() > actual.certain)
        return actual.ended ? Verdict::different : Verdict::unconfirmed;
    return recorded.frames.size() == depth ? Verdict::cut_at_depth : Verdict::cut_early;
}

}  // namespace

std::string_view word_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::identical:
            return "identical";
        case Verdict::cut_at_depth:
            return "cut_at_depth";
        case Verdict::cut_early:
            return "cut_early";
        case Verdict::guessed:
            return "guessed";
        case Verdict::missing:
            return "missing";
        case Verdict::unconfirmed:
            return "unconfirmed";
        case Verdict::different:
            break;
    }
    return "different";
}

std::string_view word_for(StackStatus status) {
    for (const auto& [enumerator, word] : EnumWords<StackStatus>::all)
        if (enumerator == status) return word;
    return "unknown";
}

Comparison compare(const StackRecord* recorded, const UnwoundStack& actual, std::size_t depth) {
    if (recorded == nullptr) return {Verdict::missing, 0};
    const std::size_t agreeing = count_agreeing(recorded->frames, actual.frames);
    if (recorded->status == StackStatus::missing) return {Verdict::missing, agreeing};
    if (recorded->status == StackStatus::complete)
        return {judge_complete(agreeing, *recorded, actual), agreeing};
    if (recorded->status == StackStatus::truncated)
        return {judge_truncated(agreeing, *recorded, actual, depth), agreeing};
    return {Verdict::guessed, agreeing};
}

}  // namespace leakcheck::oracle
