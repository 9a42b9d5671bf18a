// SPDX-License-Identifier: Apache-2.0
#include "reporters/baseline_json.hpp"

#include <optional>
#include <string>

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json number_or_null(const std::optional<std::uint64_t>& number) {
    return number ? Json(*number) : Json(nullptr);
}

Json entry_json(const BaselineEntry& entry) {
    return {{"test", entry.test},
            {"fingerprint", entry.fingerprint},
            {"bytes", number_or_null(entry.bytes)},
            {"blocks", number_or_null(entry.blocks)},
            {"function", text_or_null(entry.function)},
            {"file", text_or_null(entry.file)},
            {"reason", text_or_null(entry.reason)},
            {"until", text_or_null(entry.until)},
            {"by_hand", entry.by_hand}};
}

Json entries_json(const std::vector<BaselineEntry>& entries) {
    Json json = Json::array();
    for (const BaselineEntry& entry : entries) json.push_back(entry_json(entry));
    return json;
}

Json suppression_json(const SuppressionResult& result) {
    const SuppressionFacts& facts = result.facts;
    return {{"name", facts.name},
            {"source", facts.source},
            {"built_in", facts.built_in},
            {"reason", text_or_null(facts.reason)},
            {"until", text_or_null(facts.until)},
            {"max_bytes", number_or_null(facts.max_bytes)},
            {"max_blocks", number_or_null(facts.max_blocks)},
            {"expired", result.expired},
            {"exceeded", result.exceeded},
            {"used", result.used},
            {"matched", leak_count_json(result.matched)}};
}

}  // namespace

Json leak_count_json(const LeakCount& count) {
    return {{"leaks", count.leaks}, {"bytes", count.bytes}, {"blocks", count.blocks}};
}

Json baseline_state_json(BaselineState state) {
    switch (state) {
        case BaselineState::fresh:
            return "new";
        case BaselineState::known:
            return "known";
        case BaselineState::grown:
            return "grown";
        case BaselineState::none:
            break;
    }
    return nullptr;
}

Json baseline_json(const BaselineResult& baseline) {
    return {{"file", baseline.file},
            {"entries", baseline.entries},
            {"ratchet", baseline.ratchet},
            {"new", baseline.fresh},
            {"known", leak_count_json(baseline.known)},
            {"grown", baseline.grown},
            {"fixed", entries_json(baseline.fixed)},
            {"expired", entries_json(baseline.expired)}};
}

Json suppressions_json(const std::vector<SuppressionResult>& suppressions) {
    Json json = Json::array();
    for (const SuppressionResult& result : suppressions) {
        // What comes with leakcheck is told of where it did something.
        if (result.facts.built_in && !result.used) continue;
        json.push_back(suppression_json(result));
    }
    return json;
}

}  // namespace leakcheck
