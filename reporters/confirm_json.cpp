// SPDX-License-Identifier: Apache-2.0
#include "reporters/confirm_json.hpp"

#include "reporters/confirm_words.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

void add_confirmation(Json& leak, const Leak& from) {
    if (from.confirmation == Confirmation::none) return;
    leak["confirmation"] = confirmation_name(from.confirmation);
    if (from.repetition.growth == Growth::unknown) return;
    leak["growth"] = growth_name(from.repetition.growth);
    leak["per_repeat"] = {{"bytes", from.repetition.bytes_per_repeat},
                          {"blocks", from.repetition.blocks_per_repeat}};
}

Json confirm_summary_json(const Verdict& verdict) {
    if (!verdict.confirmed) return nullptr;
    const ConfirmSummary& s = *verdict.confirmed;
    return {{"tests", s.tests},
            {"tests_left_out", s.left_out},
            {"leaks",
             {{"confirmed", s.confirmed},
              {"not_reproduced", s.not_reproduced},
              {"unconfirmed", s.unconfirmed},
              {"one_time", s.one_time}}},
            {"repetitions", s.repetitions},
            {"not_reproduced_policy", policy_name(s.policy)},
            {"wall_seconds", s.wall_seconds},
            {"problems", s.problems}};
}

Json overhead_json(const Overhead& o) {
    const bool known = o.timed_events > 0;
    const auto if_known = [known](double value) { return known ? Json(value) : Json(nullptr); };
    Json json{{"events", o.events},
              {"timed_events", o.timed_events},
              {"event_ns", if_known(o.event_ns)},
              {"trap_ns", o.trap_ns > 0.0 ? Json(o.trap_ns) : Json(nullptr)},
              {"tracing_seconds", if_known(o.tracing_seconds())},
              {"cpu_seconds", o.cpu_seconds},
              {"percent", if_known(o.percent())},
              {"limit_percent", o.limit_percent},
              {"pressure", Json::array()}};
    for (const PressureChange& change : o.pressure) {
        json["pressure"].push_back(
            {{"at_seconds", change.at_seconds},
             {"level", change.level},
             {"stopped", change.stopped},
             {"reason", change.reason == PressureReason::cost ? "cost" : "duration"}});
    }
    return json;
}

}  // namespace leakcheck
