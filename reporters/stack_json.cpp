// SPDX-License-Identifier: Apache-2.0
#include "reporters/stack_json.hpp"

#include "reporters/stack_words.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Json stack_counts_json(const StackStatistics& statistics) {
    return {{"complete", statistics.complete},
            {"frame_pointer", statistics.frame_pointer},
            {"truncated", statistics.truncated},
            {"missing", statistics.missing}};
}

Json stack_statistics_json(const StackStatistics& statistics) {
    Json json = stack_counts_json(statistics);
    Json percent = nullptr;
    if (statistics.total() > 0) {
        percent = json;
        for (auto& share : percent) {
            share = percentage(share.get<std::uint64_t>(), statistics.total());
        }
    }
    json["percent"] = std::move(percent);
    return json;
}

}  // namespace leakcheck
