// SPDX-License-Identifier: Apache-2.0
#include "reporters/sarif_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "reporters/baseline_words.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/function_name.hpp"
#include "reporters/kind_json.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/line_hash.hpp"
#include "reporters/sampling_words.hpp"
#include "reporters/sarif_rules.hpp"
#include "reporters/text.hpp"
#include "reporters/uri.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_message = 2048;
constexpr std::size_t most_related = 100;
constexpr std::size_t most_leaks_shown = 5;  // of a result, with stack and code flow
constexpr std::size_t most_frames = 64;      // of a stack, the innermost
constexpr std::size_t longest_function = 500;

std::string function_text(const std::string& function) {
    return function.empty() ? "(unknown function)" : readable_function(function, longest_function);
}

// Where the tests that own a result's leaks are defined; the message links to them by number.
class RelatedTests {
  public:
    RelatedTests(const TestIndex& tests, const LeakGroup& group) {
        for (const Leak* leak : group.leaks) add(tests.owner(*leak));
    }

    const Json& locations() const { return locations_; }

    // The owner's name, as a link where its test has a location.
    std::string mention(const Leak& leak) const {
        std::string name = sarif_text(owner_name(leak), 300);
        const auto found = ids_.find(leak.test.value_or(""));
        if (found == ids_.end()) return name;
        std::replace(name.begin(), name.end(), '[', '(');
        std::replace(name.begin(), name.end(), ']', ')');
        return fmt::format("[{}]({})", name, found->second);
    }

  private:
    void add(const TestResult* test) {
        if (test == nullptr || !test->definition || !has_line(*test->definition)) return;
        if (locations_.size() >= most_related ||
            !ids_.try_emplace(test->name, ids_.size() + 1).second)
            return;
        locations_.push_back({{"id", ids_.size()},
                              {"physicalLocation", sarif_location(*test->definition)},
                              {"message", {{"text", "Test " + sarif_text(test->name, 300)}}}});
    }

    Json locations_ = Json::array();
    std::unordered_map<std::string, std::size_t> ids_;
};

std::string leak_words(const Leak& leak, const RelatedTests& related) {
    const std::string reason = why_not_gated(leak);
    return fmt::format("{} {} {}{}{}{}{}", amount(leak.bytes, leak.blocks, SizeStyle::plain),
                       kind_verb(leak.kind), by_owner(leak.owner_kind, related.mention(leak)),
                       indirect_suffix(leak, SizeStyle::plain),
                       reason.empty() ? "" : " (not counted: " + sarif_text(reason, 400) + ")",
                       confirm_suffix(leak), baseline_suffix(leak));
}

// Where and how sure: what stands at the end of every message.
std::string message_tail(const Report& report, const LeakGroup& group) {
    const std::string& function = group.leaks.front()->site.function;
    const std::string where =
        function.empty() ? "" : " Allocated in " + sarif_text(function_text(function), 300) + ".";
    return fmt::format(".{} Numbers are {}: {}.", where, measured_of(report.sampling, group.leaks),
                       coverage_of(report.sampling, group.leaks));
}

std::string message_text(const Report& report, const LeakGroup& group,
                         const RelatedTests& related) {
    const std::string tail = message_tail(report, group);
    std::string text;
    if (group.leaks.size() > 1) {
        text = fmt::format("{} here, {}: ", plural(group.leaks.size(), "leak"),
                           amount(group.sum.bytes, group.sum.blocks, SizeStyle::plain));
    }
    constexpr std::size_t reserve = 40;  // for "; and N more"
    for (std::size_t index = 0; index < group.leaks.size(); ++index) {
        const std::string part = (index > 0 ? "; " : "") + leak_words(*group.leaks[index], related);
        if (text.size() + part.size() + tail.size() + reserve > longest_message) {
            text += fmt::format("; and {} more", group.leaks.size() - index);
            break;
        }
        text += part;
    }
    return cut(text + tail, longest_message);
}

Json code_flow(const Leak& leak) {
    Json locations = Json::array();
    const std::size_t count = std::min(leak.stack.size(), most_frames);
    for (std::size_t index = count; index-- > 0;) {
        const Frame& frame = leak.stack[index];
        if (!has_line(frame)) continue;
        locations.push_back(
            {{"location",
              {{"physicalLocation", sarif_location({frame.function, frame.file, frame.line})},
               {"message",
                {{"text", sarif_text(function_text(frame.function), longest_function)}}}}}});
    }
    if (locations.empty()) return nullptr;
    return {{"threadFlows", Json::array({{{"locations", std::move(locations)}}})}};
}

Json stack_frame(const Frame& frame) {
    Json location = Json::object();
    if (has_line(frame)) {
        location["physicalLocation"] = sarif_location({frame.function, frame.file, frame.line});
    }
    if (!frame.function.empty()) {
        const std::string name = cut(single_line(frame.function), longest_function);
        location["logicalLocations"] =
            Json::array({{{"fullyQualifiedName", name}, {"kind", "function"}}});
    }
    const std::string shown =
        frame.function.empty() ? frame_place(frame) : function_text(frame.function);
    location["message"] = {{"text", sarif_text(shown, longest_function)}};
    Json json{{"location", std::move(location)}};
    if (!frame.module.empty()) json["module"] = cut(single_line(frame.module), longest_function);
    return json;
}

Json stack(const Leak& leak) {
    Json frames = Json::array();
    const std::size_t count = std::min(leak.stack.size(), most_frames);
    for (std::size_t index = 0; index < count; ++index)
        frames.push_back(stack_frame(leak.stack[index]));
    const std::string text =
        fmt::format("{} {} {}", amount(leak.bytes, leak.blocks, SizeStyle::plain),
                    kind_verb(leak.kind), by_owner(leak.owner_kind, owner_name(leak)));
    return {{"message", {{"text", sarif_text(text, longest_message)}}},
            {"frames", std::move(frames)}};
}

// Code hosts show code flows, editors show stacks.
void add_stacks(Json& result, const LeakGroup& group) {
    Json flows = Json::array();
    Json stacks = Json::array();
    for (std::size_t index = 0; index < std::min(group.leaks.size(), most_leaks_shown); ++index) {
        const Leak& leak = *group.leaks[index];
        if (leak.stack.empty()) continue;
        Json flow = code_flow(leak);
        if (!flow.is_null()) flows.push_back(std::move(flow));
        Json one = stack(leak);
        const bool is_new = std::find(stacks.begin(), stacks.end(), one) == stacks.end();
        if (is_new) stacks.push_back(std::move(one));  // SARIF wants the elements to differ
    }
    if (!flows.empty()) result["codeFlows"] = std::move(flows);
    if (!stacks.empty()) result["stacks"] = std::move(stacks);
}

// Of the leaks at one line, the newest tells what the result is.
void add_baseline_state(Json& result, const LeakGroup& group) {
    const auto is_any = [&](BaselineState state) {
        return std::any_of(group.leaks.begin(), group.leaks.end(),
                           [state](const Leak* leak) { return leak->baseline_state == state; });
    };
    const bool known = is_any(BaselineState::known);
    if (known && is_any(BaselineState::fresh)) {
        result["baselineState"] = "updated";
    } else if (is_any(BaselineState::fresh)) {
        result["baselineState"] = "new";
    } else if (is_any(BaselineState::grown)) {
        result["baselineState"] = "updated";
    } else if (known) {
        result["baselineState"] = "unchanged";
    }
}

// A result is suppressed where all of its leaks are.
void add_suppressions(Json& result, const LeakGroup& group) {
    const bool suppressed =
        std::all_of(group.leaks.begin(), group.leaks.end(),
                    [](const Leak* leak) { return leak->not_gated == NotGated::suppressed; });
    if (!suppressed) return;
    const std::string& name = group.leaks.front()->suppression;
    result["suppressions"] = Json::array(
        {{{"kind", "external"}, {"justification", sarif_text(name, longest_function)}}});
}

Json fingerprints(const LeakGroup& group, LineHashes& hashes) {
    Json json = Json::object();
    const std::string hash = hashes.of(group.place);
    if (!hash.empty()) json["primaryLocationLineHash"] = hash;
    json["leakcheckStack/v1"] = group.leaks.front()->fingerprint;
    return json;
}

}  // namespace

std::string sarif_text(std::string_view text, std::size_t limit) {
    std::string line = single_line(text);
    for (auto at = line.find("]("); at != std::string::npos; at = line.find("](", at))
        line.insert(at + 1, " ");
    return cut(std::move(line), limit);
}

Json sarif_location(const SourceLocation& place) {
    Json artifact{{"uri", file_uri(place.file)}};
    const bool relative = place.file.empty() || place.file[0] != '/';
    if (relative) artifact["uriBaseId"] = "%SRCROOT%";
    return {{"artifactLocation", std::move(artifact)}, {"region", {{"startLine", place.line}}}};
}

std::string LineHashes::of(const SourceLocation& place) {
    auto found = by_file_.find(place.file);
    if (found == by_file_.end()) {
        const auto source = read_source_ ? read_source_(place.file) : std::nullopt;
        found =
            by_file_.emplace(place.file, source ? line_hashes(*source) : std::vector<std::string>{})
                .first;
    }
    const auto& hashes = found->second;
    return place.line <= hashes.size() ? hashes[place.line - 1] : "";
}

Json sarif_result(const Report& report, const TestIndex& tests, const LeakGroup& group,
                  LineHashes& hashes) {
    const RelatedTests related(tests, group);
    Json location{{"physicalLocation", sarif_location(group.place)}};
    if (!group.place.function.empty()) {
        const std::string name = cut(single_line(group.place.function), longest_function);
        location["logicalLocations"] =
            Json::array({{{"fullyQualifiedName", name}, {"kind", "function"}}});
    }
    Json result{{"ruleId", rule_id(group.rule)},
                {"ruleIndex", static_cast<std::size_t>(group.rule)},
                {"level", group.over_budget ? "error"
                          : group.warns     ? "warning"
                                            : "note"},
                {"message", {{"text", message_text(report, group, related)}}},
                {"locations", Json::array({std::move(location)})},
                {"partialFingerprints", fingerprints(group, hashes)}};
    add_baseline_state(result, group);
    add_suppressions(result, group);
    if (!related.locations().empty()) result["relatedLocations"] = related.locations();
    add_stacks(result, group);
    result["properties"] = quantities_json(group.sum.bytes, group.sum.blocks);
    return result;
}

}  // namespace leakcheck
