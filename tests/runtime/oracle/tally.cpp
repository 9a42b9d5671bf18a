// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/tally.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace leakcheck::oracle {
namespace {

constexpr std::size_t kMostEnds = 1000;  // different places where stacks ended

StackStatus status_of(const StackRecord* recorded) {
    return recorded != nullptr ? recorded->status : StackStatus::missing;
}

std::string line(const char* who, const std::vector<std::uint64_t>& frames, std::size_t i,
                 const Tally::DescribeFn& describe) {
    return fmt::format("  {:>3} {:<9} {}\n", i, who,
                       i < frames.size() ? describe(frames[i]) : "(ends)");
}

std::string dump(const Event& event, const StackRecord* recorded, const UnwoundStack& actual,
                 const Comparison& comparison, const Tally::DescribeFn& describe) {
    constexpr std::size_t kContext = 40;  // frames shown behind the first difference
    static const std::vector<std::uint64_t> none;
    const auto& ours = recorded != nullptr ? recorded->frames : none;
    std::string text = fmt::format(
        "{}: process {} thread {} size {} frame {:#x}: leakcheck has {} frames, {}; libdw {}, {}\n",
        word_for(comparison.verdict), static_cast<std::uint32_t>(event.process), event.tid,
        event.size, event.frame, ours.size(), word_for(status_of(recorded)), actual.frames.size(),
        actual.ended ? "to the end" : "then: " + actual.stopped_by);
    const std::size_t end =
        std::min(std::max(ours.size(), actual.frames.size()), comparison.agreeing + kContext);
    for (std::size_t i = 0; i < end; ++i) {
        if (i < comparison.agreeing) {
            text += line("both", ours, i, describe);
            continue;
        }
        text += line("leakcheck", ours, i, describe);
        text += line("libdw", actual.frames, i, describe);
    }
    return text;
}

}  // namespace

void Tally::add(const Event& event, const StackRecord* recorded, const UnwoundStack& actual,
                const Comparison& comparison, const DescribeFn& describe) {
    ++events_;
    ++verdicts_[comparison.verdict];
    ++statuses_[std::string(word_for(status_of(recorded)))];
    frames_ += comparison.agreeing;
    ended_ += actual.ended ? 1 : 0;
    if (event.stack != StackId{}) stacks_.insert(event.stack);
    if (comparison.verdict == Verdict::identical) return;
    note_end(comparison.verdict, recorded, actual, comparison, describe);
    std::vector<std::string>& examples = examples_[comparison.verdict];
    if (examples.size() < shown_)
        examples.push_back(dump(event, recorded, actual, comparison, describe));
}

void Tally::note_end(Verdict verdict, const StackRecord* recorded, const UnwoundStack& actual,
                     const Comparison& comparison, const DescribeFn& describe) {
    if (ends_.size() >= kMostEnds || verdict == Verdict::cut_at_depth) return;
    const std::size_t last = comparison.agreeing;
    ++ends_[fmt::format("{} ({}) behind {}{}", word_for(verdict), word_for(status_of(recorded)),
                        last > 0 ? describe(actual.frames[last - 1]) : "the interposed function",
                        actual.stopped_by.empty() ? "" : "; libdw: " + actual.stopped_by)];
}

std::uint64_t Tally::count(Verdict verdict) const {
    const auto found = verdicts_.find(verdict);
    return found == verdicts_.end() ? 0 : found->second;
}

nlohmann::json Tally::json() const {
    nlohmann::json verdicts = nlohmann::json::object();
    for (const Verdict verdict :
         {Verdict::identical, Verdict::cut_at_depth, Verdict::cut_early, Verdict::guessed,
          Verdict::missing, Verdict::unconfirmed, Verdict::different})
        verdicts[std::string(word_for(verdict))] = count(verdict);
    nlohmann::json examples = nlohmann::json::array();
    for (const auto& [verdict, texts] : examples_)
        for (const std::string& text : texts) examples.push_back(text);
    return {{"compared", events_},
            {"libdw_ended", ended_},
            {"agreeing_frames", frames_},
            {"distinct_stacks", stacks_.size()},
            {"verdicts", verdicts},
            {"statuses", statuses_},
            {"ends", ends_},
            {"examples", examples}};
}

}  // namespace leakcheck::oracle
