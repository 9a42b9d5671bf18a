// SPDX-License-Identifier: Apache-2.0
#include "reporters/kind_json.hpp"

#include "reporters/json_values.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Json quantity_json(const Quantity& q) {
    return {
        {"observed", q.observed}, {"estimate", q.estimate}, {"lower", q.lower}, {"upper", q.upper}};
}

Json quantities_json(const Quantity& bytes, const Quantity& blocks) {
    return {{"bytes", quantity_json(bytes)}, {"blocks", quantity_json(blocks)}};
}

Json kinds_json(LeakKinds kinds) {
    Json json = Json::array();
    for (const auto& [kind, name] : leak_kind_names) {
        if (kinds.contains(kind)) json.push_back(name);
    }
    return json;
}

Json kind_totals_json(const KindTotals& totals) {
    Json json = Json::object();
    for (const auto& [kind, total] : totals) {
        json[std::string(leak_kind_name(kind))] = quantities_json(total.bytes, total.blocks);
    }
    return json;
}

Json pointer_checks_json(const std::vector<CheckedProcess>& checks) {
    Json json = Json::array();
    for (const auto& [process, check] : checks) {
        json.push_back({{"process", text_or_null(process)},
                        {"failure", text_or_null(check.failure)},
                        {"threads", check.threads},
                        {"scanned_bytes", check.scanned_bytes},
                        {"unread_bytes", check.unread_bytes},
                        {"pause_ms", static_cast<double>(check.pause_ns) / 1e6},
                        {"test_ends", check.test_ends},
                        {"failed_test_ends", check.failed_test_ends},
                        {"test_ends_pause_ms", static_cast<double>(check.test_ends_pause_ns) / 1e6},
                        {"kept_paths", check.kept_paths}});
    }
    return json;
}

void add_release(Json& leak, const Leak& from) {
    if (!from.released_in.empty()) leak["released_in"] = from.released_in;
}

void add_indirect(Json& leak, const Leak& from) {
    if (from.indirect_blocks == 0) return;
    leak["indirect"] = {{"bytes", from.indirect_bytes}, {"blocks", from.indirect_blocks}};
}

}  // namespace leakcheck
