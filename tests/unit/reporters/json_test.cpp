// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

nlohmann::ordered_json parsed(const Report& report) {
    std::ostringstream out;
    render_json(report, out);
    return nlohmann::ordered_json::parse(out.str());
}

TEST(Json, HasTheFieldsThatOthersRead) {
    const auto json = parsed(leaking_report());
    EXPECT_EQ(json["schema_version"], 1);
    EXPECT_EQ(json["command"][0], "./build/unit_tests");
    EXPECT_EQ(json["engine"], "sampler");
    EXPECT_EQ(json["sampling"]["mode"], "1:1");
    EXPECT_EQ(json["totals"]["leaked_bytes"]["observed"], 2784);
    EXPECT_EQ(json["totals"]["leaked_blocks"]["upper"], 23.0);
    EXPECT_EQ(json["totals"]["allocated_blocks"], 800);
    EXPECT_EQ(json["tests"][0]["name"], "Queue.Push");
    EXPECT_EQ(json["tests"][0]["status"], "leaked");
    EXPECT_EQ(json["leaks"][0]["test"], "Queue.Push");
    EXPECT_EQ(json["leaks"][0]["kind"], "outstanding");
    EXPECT_EQ(json["leaks"][0]["site"]["line"], 42);
    EXPECT_EQ(json["leaks"][0]["stack"][0]["function"], "operator new(unsigned long)");
    EXPECT_EQ(json["leaks"][0]["stack"][0]["address"], "0xae98");
    EXPECT_EQ(json["leaks"][0]["stack"][2]["inlined"], true);
    EXPECT_TRUE(json["leaks"][5]["test"].is_null());
    EXPECT_EQ(json["leaks"][5]["not_gated"], "outside_tests");
    EXPECT_EQ(json["verdict"]["status"], "fail");
    EXPECT_EQ(json["verdict"]["violations"][0]["measure"], "bytes");
    EXPECT_EQ(json["exit_code"], 1);
}

TEST(Json, LossesAreKeyedByName) {
    const auto json = parsed(inconclusive_report());
    EXPECT_EQ(json["losses"]["live_map_full"]["count"], 1200);
    EXPECT_EQ(json["losses"]["mappings"]["harms_verdict"], false);
    EXPECT_TRUE(parsed(clean_report())["losses"].is_object());
    EXPECT_TRUE(parsed(clean_report())["losses"].empty());
}

TEST(Json, StacksAreCountedByStatus) {
    const auto stacks = parsed(sampled_report())["stacks"];
    EXPECT_EQ(stacks["truncated"], 1);
    EXPECT_EQ(stacks["complete"], 0);
    EXPECT_EQ(stacks["allocations"]["complete"], 788);
    EXPECT_EQ(stacks["allocations"]["frame_pointer"], 1);
    EXPECT_EQ(stacks["allocations"]["percent"]["complete"], 98.5);
    EXPECT_EQ(stacks["allocations"]["percent"]["missing"], 0.13);
    EXPECT_EQ(stacks["leaked_blocks"]["truncated"], 10);
    EXPECT_EQ(stacks["leaked_blocks"]["percent"]["truncated"], 100.0);
    EXPECT_TRUE(parsed(clean_report())["stacks"]["leaked_blocks"]["percent"].is_null());
}

TEST(Json, WhatIsUnknownIsNull) {
    Report report = no_tests_report();
    report.sampling.max_size = UINT64_MAX;
    const auto json = parsed(report);
    EXPECT_TRUE(json["leaks"][0]["site"]["file"].is_null());
    EXPECT_TRUE(json["leaks"][0]["site"]["line"].is_null());
    EXPECT_TRUE(json["leaks"][0]["stack"][1]["module"].is_null());
    EXPECT_TRUE(json["sampling"]["max_size"].is_null());
    EXPECT_TRUE(json["child"]["running_test"].is_null());
}

TEST(Json, KeepsExtremeNumbers) {
    Report report = clean_report();
    report.leaked_bytes.observed = UINT64_MAX;
    report.leaked_bytes.upper = std::numeric_limits<double>::infinity();
    report.sampling.max_size = UINT64_MAX - 1;
    const auto json = parsed(report);
    EXPECT_EQ(json["totals"]["leaked_bytes"]["observed"], UINT64_MAX);
    EXPECT_TRUE(json["totals"]["leaked_bytes"]["upper"].is_null());
    EXPECT_EQ(json["sampling"]["max_size"], UINT64_MAX - 1);
}

TEST(Json, TheFirstKeysComeFirst) {
    const auto json = parsed(clean_report());
    EXPECT_EQ(json.begin().key(), "schema_version");
    EXPECT_EQ(json["leaks"].dump(), "[]");
}

TEST(Json, RepairsBytesThatAreNotUtf8) {
    Report report = clean_report();
    report.command = {
        "a\xFF"
        "b"};
    EXPECT_EQ(parsed(report)["command"][0],
              "a\xEF\xBF\xBD"
              "b");
}

}  // namespace
}  // namespace leakcheck
