// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runner/baseline/baseline_changes.hpp"
#include "runner/baseline/baseline_file.hpp"
#include "runner/baseline/result_leaks.hpp"

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Entries = std::vector<BaselineEntry>;
using Json = nlohmann::json;

BaselineEntry entry(const std::string& test, const std::string& fingerprint,
                    std::uint64_t bytes = 10, std::uint64_t blocks = 1) {
    BaselineEntry made;
    made.test = test;
    made.fingerprint = fingerprint;
    made.bytes = bytes;
    made.blocks = blocks;
    return made;
}

Entries read(const std::string& text) {
    auto entries = read_baseline("b.json", text);
    if (const auto* problem = std::get_if<Problem>(&entries)) ADD_FAILURE() << problem->message;
    return std::holds_alternative<Entries>(entries) ? std::get<Entries>(entries) : Entries{};
}

std::string error_of(const std::string& text) {
    const auto entries = read_baseline("b.json", text);
    const auto* problem = std::get_if<Problem>(&entries);
    return problem == nullptr ? "(accepted)" : problem->message;
}

TEST(BaselineFile, AnEntryALineSortedByTestAndFingerprint) {
    BaselineEntry full = entry("B.b", "02", 7, 2);
    full.kind = "definite";
    full.function = "f(int)";
    full.file = "src/f.cpp";
    full.program = "unit_tests";
    const std::string text = new_baseline({full, entry("B.b", "01"), entry("A.a", "03")});
    EXPECT_THAT(
        text, HasSubstr("  \"generated\": [\n"
                        "    {\"test\":\"A.a\",\"fingerprint\":\"03\",\"bytes\":10,\"blocks\":1},\n"
                        "    {\"test\":\"B.b\",\"fingerprint\":\"01\",\"bytes\":10,\"blocks\":1},\n"
                        "    {\"test\":\"B.b\",\"fingerprint\":\"02\",\"bytes\":7,\"blocks\":2,"
                        "\"kind\":\"definite\",\"function\":\"f(int)\",\"file\":\"src/f.cpp\","
                        "\"program\":\"unit_tests\"}\n"
                        "  ]\n}\n"));
    EXPECT_THAT(read(text), ElementsAre(entry("A.a", "03"), entry("B.b", "01"), full));
    EXPECT_THAT(read(new_baseline({})), IsEmpty());
}

constexpr const char* by_hand = R"({
  // we know of this one
  "kept": [
    {"test": "A.a", "fingerprint": "01", "reason": "third party", "until": "2027-01-31"}
  ],
  "generated": [ {"test": "B.b", "fingerprint": "02", "bytes": "1 kB"} ] // end
}
)";

TEST(BaselineFile, WhatIsWrittenByHandStaysAsItIs) {
    const Entries entries = read(by_hand);
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_TRUE(entries[0].by_hand);
    EXPECT_EQ(entries[0].reason, "third party");
    EXPECT_FALSE(entries[0].bytes);
    EXPECT_EQ(entries[1].bytes, 1000u);
    const auto replaced = replace_generated("b.json", by_hand, {entry("C.c", "03")});
    const std::string text = std::get<std::string>(replaced);
    const std::string before(by_hand);
    const std::size_t list = before.find("[ {");
    EXPECT_EQ(text.substr(0, list), before.substr(0, list));
    EXPECT_TRUE(text.ends_with("] // end\n}\n"));
    EXPECT_EQ(read(text).size(), 2u);
    EXPECT_EQ(std::get<std::string>(replace_generated("b.json", text, {entry("C.c", "03")})), text);
}

TEST(BaselineFile, MistakesAreToldWithTheirPlace) {
    EXPECT_THAT(error_of("{\"generated\": [{\"test\": \"A.a\"}]}"),
                StartsWith("b.json:1:16: this entry has no \"fingerprint\""));
    EXPECT_THAT(error_of("{\"generated\": [{\"fingerprint\": \"1\"}]}"), HasSubstr("no \"test\""));
    EXPECT_THAT(error_of("{\"generatd\": []}"), HasSubstr("did you mean \"generated\"?"));
    EXPECT_THAT(error_of("{\"generated\": [{\"reason\": \"x\"}]}"),
                HasSubstr("unknown key \"reason\""));
    EXPECT_THAT(error_of("<<<<<<< HEAD\n{}"), StartsWith("b.json:1:1: this is no JSON"));
    EXPECT_THAT(std::get<Problem>(replace_generated("b.json", "{}", {})).message,
                HasSubstr("no list \"generated\""));
}

// A run of unit_tests with the tests A.a and B.b.
Json result() {
    return Json::parse(R"({
      "command": ["build/unit_tests"], "sampling": {"exact": true, "min_size": 0, "max_size": null},
      "child": {"end": "exited", "running_test": null}, "totals": {"younger_blocks": 0},
      "verdict": {"inconclusive_reasons": []},
      "tests": [{"name": "A.a"}, {"name": "B.b"}], "suites": [{"name": "A"}], "leaks": []})");
}

Json leak(const std::string& owner, const std::string& fingerprint, std::uint64_t bytes,
          const Json& not_gated = nullptr) {
    return {{"owner", owner},
            {"fingerprint", fingerprint},
            {"kind", "definite"},
            {"gated", not_gated.is_null()},
            {"not_gated", not_gated},
            {"bytes", {{"observed", bytes}}},
            {"blocks", {{"observed", 1}}},
            {"site", {{"function", "f()"}, {"file", "src/f.cpp"}, {"line", 3}}}};
}

ResultLeaks leaks_of(const Json& json) {
    auto read = read_result_leaks("r.json", json.dump());
    if (const auto* problem = std::get_if<Problem>(&read)) ADD_FAILURE() << problem->message;
    return std::get<ResultLeaks>(read);
}

TEST(ResultLeaks, ThoseThatCountOrAreKnown) {
    Json json = result();
    json["leaks"] = {leak("A.a", "01", 5), leak("A.a", "02", 6, "baseline"),
                     leak("A.a", "03", 7, "suppressed")};
    json["leaks"][0]["site"]["file"] = "/usr/include/x.hpp";
    const ResultLeaks read = leaks_of(json);
    ASSERT_EQ(read.leaks.size(), 2u);
    EXPECT_EQ(read.leaks[0].file, "") << "no path of this machine";
    EXPECT_EQ(read.leaks[1].file, "src/f.cpp");
    EXPECT_EQ(read.leaks[1].bytes, 6u);
    EXPECT_EQ(read.leaks[1].program, "unit_tests");
    EXPECT_EQ(read.shown.size(), 3u);
    EXPECT_TRUE(read.covered.count("B.b"));
    EXPECT_TRUE(read.covered.count("A (set-up)"));
    EXPECT_FALSE(read.covered.count("C.c"));
}

TEST(ResultLeaks, ARunThatDoesNotShowEverythingCoversNothing) {
    for (const char* change :
         {R"({"sampling": {"exact": false}})", R"({"sampling": {"min_size": 8}})",
          R"({"child": {"end": "signaled"}})", R"({"child": {"running_test": "A.a"}})",
          R"({"totals": {"younger_blocks": 1}})",
          R"({"verdict": {"inconclusive_reasons": ["lost"]}})"}) {
        Json json = result();
        json.update(Json::parse(change), true);
        EXPECT_THAT(leaks_of(json).covered, IsEmpty()) << change;
    }
}

TEST(ResultLeaks, OtherFilesAreRefused) {
    for (const char* text : {"", "{}", "[1]", "{\"leaks\": 1}"})
        EXPECT_EQ(std::get<Problem>(read_result_leaks("r.json", text)).message,
                  "r.json: this is no result of leakcheck (--json) of this version");
}

ResultLeaks run_with(const std::vector<Json>& leaks, const std::string& program = "unit_tests") {
    Json json = result();
    json["command"] = Json::array({"/x/" + program});
    json["leaks"] = leaks;
    return leaks_of(json);
}

TEST(BaselineChanges, TheLargestOfSeveralResultsCounts) {
    const Entries joined = join_leaks(
        {run_with({leak("A.a", "01", 5)}), run_with({leak("A.a", "01", 9), leak("B.b", "01", 1)})});
    ASSERT_EQ(joined.size(), 2u);
    EXPECT_EQ(joined[0].bytes, 9u);
}

TEST(BaselineChanges, UpdateOnlyShrinks) {
    const Entries entries{entry("A.a", "01", 10), entry("A.a", "02", 10), entry("B.b", "03", 10),
                          entry("C.c", "04", 10)};
    const std::vector<ResultLeaks> results{
        run_with({leak("A.a", "01", 4), leak("A.a", "02", 20), leak("A.a", "05", 1)})};
    const BaselineChange change = update_baseline(entries, results, Intake::refused);
    ASSERT_EQ(change.generated.size(), 3u);
    EXPECT_EQ(change.generated[0].bytes, 4u) << "less";
    EXPECT_EQ(change.generated[1].bytes, 10u) << "grown, so it stays as it is";
    EXPECT_EQ(change.generated[2].test, "C.c") << "its test did not run";
    EXPECT_EQ(change.fixed.size(), 1u);
    EXPECT_EQ(change.fresh.size(), 1u);
    EXPECT_EQ(change.grown.size(), 1u);
    EXPECT_EQ(change.smaller.size(), 1u);
}

TEST(BaselineChanges, GrowthIsTakenInWhereItIsAllowed) {
    const BaselineChange change =
        update_baseline({entry("A.a", "02", 10)},
                        {run_with({leak("A.a", "02", 20), leak("A.a", "05", 1)})}, Intake::allowed);
    ASSERT_EQ(change.generated.size(), 2u);
    EXPECT_EQ(change.generated[0].bytes, 20u);
    EXPECT_EQ(change.generated[1].fingerprint, "05");
}

TEST(BaselineChanges, WhatIsKeptByHandIsNotGenerated) {
    BaselineEntry kept = entry("A.a", "01");
    kept.by_hand = true;
    const std::vector<ResultLeaks> with{run_with({leak("A.a", "01", 10)})};
    EXPECT_THAT(update_baseline({kept}, with, Intake::allowed).generated, IsEmpty());
    const std::vector<ResultLeaks> without{run_with({})};
    EXPECT_THAT(prune_baseline({kept}, without).generated, IsEmpty());
    EXPECT_EQ(prune_baseline({kept}, without).fixed.size(), 1u) << "but it is told of";
}

TEST(BaselineChanges, PruneTakesOutWhatIsFixedAndNothingElse) {
    BaselineEntry elsewhere = entry("A.a", "02");
    elsewhere.program = "other_tests";
    const BaselineChange change =
        prune_baseline({entry("A.a", "01", 10), elsewhere, entry("B.b", "03"), entry("C.c", "04")},
                       {run_with({leak("A.a", "01", 4)})});
    ASSERT_EQ(change.generated.size(), 3u);
    EXPECT_EQ(change.generated[0].bytes, 10u);
    EXPECT_EQ(change.generated[1].fingerprint, "02");
    EXPECT_EQ(change.generated[2].test, "C.c");
    ASSERT_EQ(change.fixed.size(), 1u);
    EXPECT_EQ(change.fixed[0].test, "B.b");
}

}  // namespace
}  // namespace leakcheck
