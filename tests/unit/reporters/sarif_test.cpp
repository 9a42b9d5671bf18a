// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

Json run_of(const Report& report) {
    std::ostringstream out;
    render_sarif(report, sample_source, out);
    const Json json = Json::parse(out.str());
    EXPECT_EQ(json["runs"].size(), 1u);
    return json["runs"][0];
}

std::string message(const Json& result) {
    return result["message"]["text"];
}

TEST(Sarif, ACleanRunHasTheRulesAndNoResults) {
    const Json run = run_of(clean_report());
    EXPECT_TRUE(run["results"].is_array());
    EXPECT_TRUE(run["results"].empty());
    EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 5u);
    EXPECT_EQ(run["automationDetails"]["id"], "leakcheck/unit_tests/");
}

TEST(Sarif, EveryRuleIsWhole) {
    const Json run = run_of(clean_report());
    for (const Json& rule : run["tool"]["driver"]["rules"]) {
        for (const char* field : {"id", "name", "helpUri"}) EXPECT_TRUE(rule[field].is_string());
        for (const char* field : {"shortDescription", "fullDescription", "help"}) {
            EXPECT_FALSE(rule[field]["text"].get<std::string>().empty());
            EXPECT_LE(rule[field]["text"].get<std::string>().size(), 1024u);
        }
        EXPECT_FALSE(rule["help"]["markdown"].get<std::string>().empty());
        EXPECT_EQ(rule["properties"]["tags"][0], "cwe-401");
        EXPECT_FALSE(rule["properties"].contains("security-severity"));
    }
}

TEST(Sarif, OneResultForARuleFileAndLine) {
    const Json run = run_of(leaking_report());
    std::set<std::string> places;
    for (const Json& result : run["results"]) {
        const Json& place = result["locations"][0]["physicalLocation"];
        EXPECT_TRUE(places.insert(result["ruleId"].dump() + place.dump()).second);
        EXPECT_GE(place["region"]["startLine"], 1);
        const std::size_t index = result["ruleIndex"];
        EXPECT_EQ(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    EXPECT_EQ(run["results"].size(), 6u);
    EXPECT_EQ(run["results"][0]["level"], "error");
    EXPECT_EQ(run["results"][3]["level"], "note");
}

TEST(Sarif, MessagesLinkToTheTests) {
    const Json result = run_of(leaking_report())["results"][0];
    EXPECT_EQ(message(result),
              "2 leaks here, 2688 bytes in 21 blocks: 2048 bytes in 16 blocks leaked by test "
              "[Queue.Push](1); 640 bytes in 5 "
              "blocks leaked by test [Queue.Pop](2). Allocated in make_node(Item const&). Numbers "
              "are counted: every "
              "allocation was traced.");
    EXPECT_EQ(result["relatedLocations"][0]["id"], 1);
    EXPECT_EQ(result["relatedLocations"][1]["physicalLocation"]["region"]["startLine"], 18);
}

TEST(Sarif, FingerprintsAreTheLineHashAndTheStack) {
    const Json results = run_of(leaking_report())["results"];
    const Json& prints = results[0]["partialFingerprints"];
    EXPECT_EQ(prints["leakcheckStack/v1"], leaking_report().leaks[0].fingerprint);
    EXPECT_TRUE(prints["primaryLocationLineHash"].get<std::string>().find(":1") !=
                std::string::npos);
    EXPECT_FALSE(results[3]["partialFingerprints"].contains("primaryLocationLineHash"))
        << "no source, no hash";
}

TEST(Sarif, WorksWithoutSource) {
    std::ostringstream out;
    render_sarif(leaking_report(), nullptr, out);
    const Json json = Json::parse(out.str());
    EXPECT_FALSE(
        json["runs"][0]["results"][0]["partialFingerprints"].contains("primaryLocationLineHash"));
}

TEST(Sarif, EachSourceFileIsReadOnce) {
    int reads = 0;
    std::ostringstream out;
    render_sarif(
        leaking_report(),
        [&](const std::string& file) {
            if (file == "src/queue.cpp") ++reads;
            return sample_source(file);
        },
        out);
    EXPECT_EQ(reads, 1);
}

TEST(Sarif, CodeFlowsEndAtTheAllocationAndStacksBeginThere) {
    const Json result = run_of(leaking_report())["results"][1];
    const Json& flow = result["codeFlows"][0]["threadFlows"][0]["locations"];
    EXPECT_EQ(flow.front()["location"]["physicalLocation"]["artifactLocation"]["uri"],
              "tests/queue_test.cpp");
    EXPECT_EQ(flow.back()["location"]["physicalLocation"]["artifactLocation"]["uri"],
              "file:///usr/include/c%2B%2B/12/bits/stl_list.h");
    EXPECT_EQ(result["stacks"][0]["frames"].size(), 10u);
    EXPECT_EQ(result["stacks"][0]["frames"][0]["location"]["message"]["text"],
              "operator new(unsigned long)");
}

TEST(Sarif, RecordsTheExitCodeButNeverAFailedExecution) {
    const Json invocation = run_of(crash_report())["invocations"][0];
    EXPECT_EQ(invocation["executionSuccessful"], true);
    EXPECT_EQ(invocation["exitCode"], 139);
    EXPECT_EQ(
        invocation["toolExecutionNotifications"][0]["message"]["text"],
        "The command died by signal 11 (SIGSEGV, core dumped) while test Queue.Pop was running.");
}

TEST(Sarif, KeepsTheWorstFiveThousandAndSaysSo) {
    Report report = leaking_report();
    report.leaks.clear();
    for (std::uint32_t line = 1; line <= 5003; ++line) {
        report.leaks.push_back(make_leak("Queue", "Push", 10, 1, line));
        report.leaks.back().stack.resize(3);
    }
    report.leaks.back().bytes = {99, 99, 99, 99};
    const Json run = run_of(report);
    EXPECT_EQ(run["results"].size(), 5000u);
    EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 5003);
    EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
              "5,000 of 5,003 results are given, the worst first; 3 were cut.");
}

TEST(Sarif, LongMessagesAreCutBetweenLeaks) {
    Report report = leaking_report();
    report.leaks.clear();
    for (int index = 0; index < 300; ++index) {
        report.leaks.push_back(make_leak("Suite", "Test" + std::to_string(index), 10, 1, 42));
    }
    const Json results = run_of(report)["results"];
    ASSERT_EQ(results.size(), 1u);
    EXPECT_LE(message(results[0]).size(), 2048u);
    EXPECT_NE(message(results[0]).find(" more. Allocated in make_node"), std::string::npos)
        << message(results[0]);
    EXPECT_LE(results[0]["stacks"].size(), 5u);
}

TEST(Sarif, HostileNamesMakeNoLinksAndNoUris) {
    const Json result = run_of(hostile_report())["results"][0];
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
              "src/odd%20name%23%3F.cpp");
    const std::string text = message(result);
    EXPECT_EQ(text.find("](1)"), text.rfind("](1)")) << "only leakcheck's own link: " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_LE(text.size(), 2048u);
}

TEST(Sarif, ALeakOfWhichNothingIsKnownStillHasAPlace) {
    Report report = leaking_report();
    report.leaks.resize(1);
    report.leaks[0].stack.clear();
    report.leaks[0].site = {};
    report.leaks[0].test = "Not.There";
    const Json result = run_of(report)["results"][0];
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
              "build/unit_tests");
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    EXPECT_FALSE(result.contains("codeFlows"));
    EXPECT_FALSE(result.contains("stacks"));
}

TEST(Sarif, SaysWhetherNumbersAreCountedOrEstimated) {
    EXPECT_EQ(run_of(leaking_report())["properties"]["numbers"], "counted");
    const Json run = run_of(sampled_report());
    EXPECT_EQ(run["properties"]["numbers"], "estimated");
    EXPECT_NE(message(run["results"][0]).find("Numbers are estimated: 1 in 100"),
              std::string::npos);
}

}  // namespace
}  // namespace leakcheck
