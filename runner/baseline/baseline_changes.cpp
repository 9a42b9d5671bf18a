// SPDX-License-Identifier: Apache-2.0
#include "runner/baseline/baseline_changes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace leakcheck {
namespace {

using Key = std::pair<std::string, std::string>;
using ByKey = std::map<Key, BaselineEntry>;

Key key_of(const BaselineEntry& entry) {
    return {entry.test, entry.fingerprint};
}

ByKey index(const std::vector<BaselineEntry>& entries) {
    ByKey by_key;
    for (const BaselineEntry& entry : entries) {
        const auto [known, is_new] = by_key.try_emplace(key_of(entry), entry);
        if (is_new) continue;
        known->second.bytes = std::max(known->second.bytes, entry.bytes);
        known->second.blocks = std::max(known->second.blocks, entry.blocks);
    }
    return by_key;
}

// Some run would have shown it, and none does.
bool is_fixed(const BaselineEntry& entry, const std::vector<ResultLeaks>& results) {
    const bool is_shown = std::any_of(
        results.begin(), results.end(),
        [&](const ResultLeaks& result) { return result.shown.count(key_of(entry)) > 0; });
    if (is_shown) return false;
    return std::any_of(results.begin(), results.end(), [&](const ResultLeaks& result) {
        return result.covered.count(entry.test) > 0 &&
               (entry.program.empty() || entry.program == result.program);
    });
}

bool is_more(const std::optional<std::uint64_t>& now, const std::optional<std::uint64_t>& known) {
    return known && now.value_or(0) > *known;
}

bool is_less(const std::optional<std::uint64_t>& now, const std::optional<std::uint64_t>& known) {
    return known && now.value_or(0) < *known;
}

// An entry of which the results show a leak.
void compare(const BaselineEntry& entry, const BaselineEntry& now, Intake growth,
             BaselineChange& change) {
    const bool grew = is_more(now.bytes, entry.bytes) || is_more(now.blocks, entry.blocks);
    const bool shrank = is_less(now.bytes, entry.bytes) || is_less(now.blocks, entry.blocks);
    if (grew) change.grown.push_back(now);
    if (!grew && shrank) change.smaller.push_back(now);
    if (entry.by_hand) return;
    // What is for readers alone, such as the kind, may differ from run to run: that is no change.
    const bool takes_new = grew ? growth == Intake::allowed : shrank;
    change.generated.push_back(takes_new ? now : entry);
}

}  // namespace

std::vector<BaselineEntry> join_leaks(const std::vector<ResultLeaks>& results) {
    std::vector<BaselineEntry> all;
    for (const ResultLeaks& result : results)
        all.insert(all.end(), result.leaks.begin(), result.leaks.end());
    std::vector<BaselineEntry> joined;
    for (auto& [key, entry] : index(all)) joined.push_back(entry);
    return joined;
}

BaselineChange update_baseline(const std::vector<BaselineEntry>& entries,
                               const std::vector<ResultLeaks>& results, Intake growth) {
    BaselineChange change;
    ByKey leaks = index(join_leaks(results));
    for (const BaselineEntry& entry : entries) {
        const auto now = leaks.find(key_of(entry));
        if (now != leaks.end()) {
            compare(entry, now->second, growth, change);
            leaks.erase(now);
        } else if (is_fixed(entry, results)) {
            change.fixed.push_back(entry);
        } else if (!entry.by_hand) {
            change.generated.push_back(entry);
        }
    }
    for (const auto& [key, entry] : leaks) {
        change.fresh.push_back(entry);
        if (growth == Intake::allowed) change.generated.push_back(entry);
    }
    return change;
}

BaselineChange prune_baseline(const std::vector<BaselineEntry>& entries,
                              const std::vector<ResultLeaks>& results) {
    BaselineChange change;
    for (const BaselineEntry& entry : entries) {
        if (is_fixed(entry, results)) {
            change.fixed.push_back(entry);
        } else if (!entry.by_hand) {
            change.generated.push_back(entry);
        }
    }
    return change;
}

}  // namespace leakcheck
