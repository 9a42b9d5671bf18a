// SPDX-License-Identifier: Apache-2.0
#include "runner/explain/result_file.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

std::string as_json(const Report& report) {
    std::ostringstream out;
    render_json(report, out);
    return out.str();
}

ResultFile read(const std::string& text) {
    std::istringstream in(text);
    return read_result(in);
}

std::string problem_of(const std::string& text) {
    try {
        read(text);
    } catch (const ResultFileError& error) {
        return error.what();
    }
    return "";
}

void expect_same_path(const HeldBy& a, const HeldBy& b) {
    EXPECT_EQ(a.root, b.root);
    EXPECT_EQ(a.left_out, b.left_out);
    EXPECT_EQ(a.cut_at, b.cut_at);
    ASSERT_EQ(a.blocks.size(), b.blocks.size());
    for (std::size_t i = 0; i < a.blocks.size(); ++i) {
        EXPECT_EQ(a.blocks[i].block, b.blocks[i].block);
        EXPECT_EQ(a.blocks[i].site.function, b.blocks[i].site.function);
        EXPECT_EQ(a.blocks[i].site.file, b.blocks[i].site.file);
        EXPECT_EQ(a.blocks[i].site.line, b.blocks[i].site.line);
        EXPECT_EQ(a.blocks[i].site.module, b.blocks[i].site.module);
        EXPECT_EQ(a.blocks[i].site.address, b.blocks[i].site.address);
    }
}

TEST(ResultFile, HasWhatTheReportHad) {
    for (const Sample& sample : all_samples()) {
        if (sample.name == "hostile") continue;  // bytes that JSON cannot hold
        const ResultFile file = read(as_json(sample.report));
        EXPECT_TRUE(file.tells_paths) << sample.name;
        EXPECT_EQ(file.written_by, sample.report.tool_version);
        ASSERT_EQ(file.leaks.size(), sample.report.leaks.size());
        for (std::size_t i = 0; i < file.leaks.size(); ++i) {
            const Leak& leak = sample.report.leaks[i];
            EXPECT_EQ(file.leaks[i].fingerprint, leak.fingerprint);
            EXPECT_EQ(file.leaks[i].kind, leak.kind);
            EXPECT_EQ(file.leaks[i].owner_kind, leak.owner_kind);
            EXPECT_EQ(file.leaks[i].owner, leak.owner);
            EXPECT_EQ(file.leaks[i].bytes.observed, leak.bytes.observed);
            EXPECT_EQ(file.leaks[i].site, leak.site);
            expect_same_path(file.leaks[i].held_by, leak.held_by);
        }
    }
}

TEST(ResultFile, IsReadWhateverBytesWereInIt) {
    EXPECT_EQ(read(as_json(hostile_report())).leaks.size(), 1u);
}

TEST(ResultFile, OfAVersionWithoutPathsSaysSo) {
    auto file = nlohmann::json::parse(as_json(kinds_report()));
    for (auto& leak : file["leaks"]) leak.erase("held_by");
    for (auto& check : file["pointer_checks"]) check.erase("kept_paths");
    EXPECT_FALSE(read(file.dump()).tells_paths);
}

TEST(ResultFile, ThatIsNoneIsRefused) {
    EXPECT_TRUE(problem_of("").starts_with("is no JSON, or was cut short: "));
    const std::string whole = as_json(kinds_report());
    EXPECT_TRUE(problem_of(whole.substr(0, whole.size() / 2)).starts_with("is no JSON"));
    for (const char* other : {"{}", "[]", "3", R"({"runs": [], "version": "2.1.0"})"})
        EXPECT_TRUE(problem_of(other).starts_with("is no result of leakcheck")) << other;
}

TEST(ResultFile, OfALaterSchemaIsRefused) {
    auto file = nlohmann::json::parse(as_json(kinds_report()));
    file["schema_version"] = 7;
    EXPECT_TRUE(problem_of(file.dump()).starts_with("has schema_version 7"))
        << problem_of(file.dump());
}

TEST(ResultFile, WithWrongValuesIsRefused) {
    const auto file = nlohmann::json::parse(as_json(kinds_report()));
    const auto with = [&](const char* pointer, const nlohmann::json& value) {
        auto changed = file;
        changed[nlohmann::json::json_pointer(pointer)] = value;
        return problem_of(changed.dump());
    };
    EXPECT_EQ(with("/leaks/0/kind", "lost"), "has a word that is not known: \"lost\"");
    EXPECT_NE(with("/leaks/0/bytes", nullptr), "");
    EXPECT_NE(with("/leaks", 3), "");
    EXPECT_NE(with("/leaks/5/held_by/root/address", "here"), "");
    EXPECT_NE(with("/leaks/5/held_by/blocks/0", nullptr), "");
    EXPECT_NE(with("/leaks/0/site_frame", 99), "");
}

}  // namespace
}  // namespace leakcheck
