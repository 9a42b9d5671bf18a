// SPDX-License-Identifier: Apache-2.0
//
// SARIF 2.1.0, within the limits of GitHub and GitLab code scanning: one run, at most 5,000
// results.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reporters/confirm_words.hpp"
#include "reporters/json_writer.hpp"
#include "reporters/leak_groups.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/sampling_words.hpp"
#include "reporters/sarif_result.hpp"
#include "reporters/sarif_rules.hpp"
#include "reporters/stack_json.hpp"
#include "reporters/text.hpp"
#include "reporters/uri.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_results = 5000;
constexpr std::size_t longest_command = 4096;

std::string directory_uri(const std::string& path) {
    const std::string uri = file_uri(path);
    return uri.back() == '/' ? uri : uri + "/";
}

Json notification(std::string_view level, const std::string& text) {
    return {{"level", level}, {"message", {{"text", sarif_text(text, 2048)}}}};
}

std::string cut_note(std::size_t groups) {
    return fmt::format("{} of {} results are given, the worst first; {} were cut.",
                       grouped_digits(most_results), grouped_digits(groups),
                       grouped_digits(groups - most_results));
}

// What a reader should know besides the results.
Json notifications(const Report& report, std::size_t groups) {
    Json json = Json::array();
    if (groups > most_results) json.push_back(notification("note", cut_note(groups)));
    if (!report.child.running_test.empty()) {
        json.push_back(notification(
            "warning", fmt::format("The command {} while test {} was running.",
                                   how_it_ended(report.child), report.child.running_test)));
    }
    for (const std::string& reason : report.verdict.inconclusive_reasons) {
        json.push_back(notification("warning", "Inconclusive: " + reason));
    }
    for (const Loss& loss : report.losses) {
        if (is_inconclusive_reason(report, loss)) continue;
        const std::string text =
            fmt::format("Lost: {} ({}). {}", loss.name, loss.count, loss.explanation);
        json.push_back(notification(loss.harms_verdict ? "warning" : "note", text));
    }
    if (const std::string second = confirm_summary(report.verdict); !second.empty())
        json.push_back(notification("note", "Second run: " + second));
    for (const std::string& warning : report.warnings)
        json.push_back(notification("warning", warning));
    return json;
}

std::string command_line(const Report& report) {
    std::string text;
    for (const std::string& argument : report.command) text += (text.empty() ? "" : " ") + argument;
    return cut(single_line(text), longest_command);
}

// executionSuccessful is about leakcheck itself; uploads stumble over false. exitCode tells of
// failures.
Json invocation(const Report& report, std::size_t groups) {
    Json json{{"executionSuccessful", true},
              {"exitCode", report.exit_code},
              {"exitCodeDescription",
               fmt::format("{}: {}", verdict_word(report.verdict.status), run_summary(report))}};
    if (!report.command.empty()) json["commandLine"] = command_line(report);
    if (!report.started_at.empty()) json["startTimeUtc"] = report.started_at;
    if (!report.working_directory.empty()) {
        json["workingDirectory"] = {{"uri", directory_uri(report.working_directory)}};
    }
    Json notes = notifications(report, groups);
    if (!notes.empty()) json["toolExecutionNotifications"] = std::move(notes);
    return json;
}

Json driver(const Report& report) {
    Json json{{"name", "leakcheck"}, {"fullName", "leakcheck, per-test leak detection"}};
    if (!report.tool_version.empty()) json["semanticVersion"] = report.tool_version;
    json["rules"] = sarif_rules();
    return json;
}

void write_results(JsonWriter& writer, const Report& report, const TestIndex& tests,
                   const std::vector<LeakGroup>& groups, const ReadSourceFn& read_source) {
    LineHashes hashes(read_source);
    writer.begin_array("results");
    const std::size_t count = std::min(groups.size(), most_results);
    for (std::size_t index = 0; index < count; ++index) {
        writer.element(sarif_result(report, tests, groups[index], hashes));
    }
    writer.end_array();
}

Json properties(const Report& report) {
    return {{"numbers", measured(report.sampling)},
            {"sampling", report.sampling.mode},
            {"sampleRate", report.sampling.rate},
            {"coverage", coverage(report.sampling)},
            {"engine", report.engine},
            {"stacks",
             {{"allocations", stack_statistics_json(report.stacks.allocations)},
              {"leakedBlocks", stack_statistics_json(report.stacks.leaked_blocks)}}},
            {"verdict", verdict_word(report.verdict.status)},
            {"verdictStage", stage_name(report.verdict.stage)}};
}

Json run(const Report& report, std::size_t groups) {
    Json json{{"tool", {{"driver", driver(report)}}},
              {"automationDetails", {{"id", fmt::format("leakcheck/{}/", command_name(report))}}},
              {"columnKind", "utf16CodeUnits"},
              {"invocations", Json::array({invocation(report, groups)})}};
    if (!report.source_root.empty()) {
        json["originalUriBaseIds"] = {{"%SRCROOT%", {{"uri", directory_uri(report.source_root)}}}};
    }
    return json;
}

}  // namespace

void render_sarif(const Report& report, const ReadSourceFn& read_source, std::ostream& out) {
    const TestIndex tests(report);
    const std::vector<LeakGroup> groups = group_leaks(report, tests);
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    writer.member("version", "2.1.0");
    writer.begin_array("runs");
    writer.begin_object();
    writer.members(run(report, groups.size()));
    write_results(writer, report, tests, groups, read_source);
    writer.member("properties", properties(report));
    writer.end_object();
    writer.end_array();
    writer.end_object();
    out << '\n';
}

}  // namespace leakcheck
