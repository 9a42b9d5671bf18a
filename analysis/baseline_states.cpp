// SPDX-License-Identifier: Apache-2.0
#include "analysis/baseline_states.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/budget_rules.hpp"

namespace leakcheck {
namespace {

using Key = std::pair<std::string, std::string>;  // owner and fingerprint

bool is_larger(const Leak& leak, const BaselineEntry& entry) {
    return (entry.bytes && leak.bytes.observed > *entry.bytes) ||
           (entry.blocks && leak.blocks.observed > *entry.blocks);
}

std::string program_of(const Report& report) {
    if (report.command.empty()) return {};
    const std::string& path = report.command[0];
    return path.substr(path.rfind('/') + 1);
}

bool has_harmful_loss(const Report& report) {
    return std::any_of(report.losses.begin(), report.losses.end(),
                       [](const Loss& loss) { return loss.harms_verdict && loss.count > 0; });
}

// By size or by age.
bool leaves_out_blocks(const Report& report) {
    return report.sampling.min_size > 0 || report.sampling.max_size < UINT64_MAX ||
           report.younger_blocks > 0;
}

// Which owners' leaks the run would have shown.
class Coverage {
  public:
    explicit Coverage(const Findings& found) {
        const Report& report = found.report;
        const bool ended = report.child.end == ProcessEnd::exited && !found.interrupted &&
                           found.blind_spots.empty();
        if (!ended || has_harmful_loss(report) || leaves_out_blocks(report)) return;
        program_ = program_of(report);
        const bool all = is_exact(report.sampling);
        const std::vector<Owner>& owners = found.owners.all();
        for (std::size_t owner = 0; owner < owners.size(); ++owner)
            if (all || found.settled.count(owner) > 0) owners_.insert(owners[owner].label);
    }

    bool includes(const BaselineEntry& entry) const {
        return owners_.count(entry.test) > 0 &&
               (entry.program.empty() || entry.program == program_);
    }

  private:
    std::string program_;
    std::set<std::string> owners_;
};

class Comparison {
  public:
    Comparison(const Baseline& baseline, std::string_view today) : entries_(baseline.entries) {
        result_.file = baseline.file;
        result_.entries = baseline.entries.size();
        result_.ratchet = baseline.ratchet;
        for (const BaselineEntry& entry : entries_) {
            if (is_past(entry.until, today)) {
                result_.expired.push_back(entry);
            } else {
                index_.try_emplace({entry.test, entry.fingerprint}, &entry);
            }
        }
    }

    void look_at(SampledLeak& one) {
        Leak& leak = one.leak;
        shown_.insert({leak.owner, leak.fingerprint});
        shown_.insert({leak.owner, one.family});
        if (!is_gating(one)) return;
        const auto entry = index_.find({leak.owner, leak.fingerprint});
        if (entry == index_.end()) {
            leak.baseline_state = BaselineState::fresh;
            ++result_.fresh;
        } else if (is_larger(leak, *entry->second)) {
            leak.baseline_state = BaselineState::grown;
            ++result_.grown;
        } else {
            leak.baseline_state = BaselineState::known;
            leak.not_gated = NotGated::in_baseline;
            add(result_.known, leak);
        }
    }

    BaselineResult finish(const Coverage& coverage) {
        for (const BaselineEntry& entry : entries_) {
            const bool is_shown = shown_.count({entry.test, entry.fingerprint}) > 0;
            if (!is_shown && coverage.includes(entry)) result_.fixed.push_back(entry);
        }
        return std::move(result_);
    }

  private:
    const std::vector<BaselineEntry>& entries_;
    std::map<Key, const BaselineEntry*> index_;  // of those that hold
    std::set<Key> shown_;                        // whether it counts or not
    BaselineResult result_;
};

}  // namespace

BaselineResult compare_with_baseline(Findings& found, const Baseline& baseline) {
    Comparison comparison(baseline, found.report.started_at);
    for (SampledLeak& leak : found.leaks) comparison.look_at(leak);
    return comparison.finish(Coverage(found));
}

Violation ratchet_violation(const BaselineResult& result) {
    const BaselineEntry& first = result.fixed.front();
    const std::size_t count = result.fixed.size();
    return {
        "baseline", "entries", static_cast<double>(count), 0,
        fmt::format("{} of the baseline {} fixed and still in it (--ratchet): {} ({}){}; leakcheck "
                    "baseline prune takes {} out",
                    count == 1 ? "1 leak" : fmt::format("{} leaks", count),
                    result.file + (count == 1 ? " is" : " are"), first.test, first.fingerprint,
                    count == 1 ? "" : ", ...", count == 1 ? "it" : "them")};
}

std::vector<std::string> warn_of_expired_entries(const BaselineResult& result) {
    std::vector<std::string> warnings;
    for (const BaselineEntry& entry : result.expired)
        warnings.push_back(
            fmt::format("the leak {} of {} was known until {} only; fix it, or "
                        "prolong its entry in {}",
                        entry.fingerprint, entry.test, entry.until, result.file));
    return warnings;
}

}  // namespace leakcheck
