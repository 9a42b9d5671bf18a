// SPDX-License-Identifier: Apache-2.0
#include "reporters/path_json.hpp"

#include "reporters/json_values.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

Json variable_json(const Variable& variable) {
    if (variable.name.empty()) return nullptr;
    return {{"name", variable.name},
            {"type", text_or_null(variable.type)},
            {"offset", variable.offset}};
}

Json root_json(const HoldingRoot& root) {
    const bool in_object = root.kind == RootKind::static_data || root.kind == RootKind::thread_data;
    return {{"kind", root_kind_name(root.kind)},
            {"variable", variable_json(root.variable)},
            {"object", text_or_null(root.object)},
            {"object_address", in_object ? address_json(root.object_address) : Json(nullptr)},
            {"thread", positive_or_null(root.thread)},
            {"main_thread", root.is_main_thread},
            {"address", root.address == 0 ? Json(nullptr) : address_json(root.address)}};
}

bool is_known(const Frame& site) {
    return !site.function.empty() || !site.module.empty() || site.address != 0;
}

}  // namespace

Json held_by_json(const HeldBy& held_by) {
    if (held_by.root.kind == RootKind::none) return nullptr;
    Json json{{"root", root_json(held_by.root)}, {"blocks", Json::array()}};
    for (const auto& [block, site] : held_by.blocks) {
        json["blocks"].push_back({{"bytes", block.bytes},
                                  {"entered_at", block.entered_at},
                                  {"pointer_at", block.pointer_at},
                                  {"site", is_known(site) ? frame_json(site) : Json(nullptr)}});
    }
    json["left_out"] = held_by.left_out;
    json["cut_at"] = positive_or_null(held_by.cut_at);
    return json;
}

}  // namespace leakcheck
