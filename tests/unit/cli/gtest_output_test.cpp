// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_output.hpp"

#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

using Command = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

std::optional<std::string> no_file(const std::filesystem::path&) {
    return std::nullopt;
}

std::optional<GtestOutput> choice(const Command& command, Variables variables = {},
                                  const ReadTextFn& read = no_file) {
    return chosen_gtest_output(command, environment_of(std::move(variables)), "/work dir", read);
}

TEST(GtestOutput, NoChoice) {
    EXPECT_FALSE(choice({"./t"}));
    EXPECT_FALSE(choice({"./t", "--gtest_filter=*"}));
    EXPECT_FALSE(choice({"--gtest_output=xml:is_the_program"}));
    EXPECT_FALSE(choice({"./t", "--gtest_outputs=xml", "gtest_output=xml"}));
    EXPECT_FALSE(choice({"./t"}, {{"GTEST_OUTPUT", ""}, {"XML_OUTPUT_FILE", "hidden.xml"}}));
    EXPECT_FALSE(choice({}));
}

struct Case {
    const char* value;
    const char* path;
    bool is_directory;
};

TEST(GtestOutput, FilesByGoogleTestsRules) {
    for (const Case& expected :
         {Case{"xml", "/work dir/test_detail.xml", false},
          Case{"xml:out.xml", "/work dir/out.xml", false}, Case{"xml:/abs/out", "/abs/out", false},
          Case{"xml:sub/dir/", "/work dir/sub/dir/", true}, Case{"xml:", "/work dir/", true},
          Case{"xml:a:b.xml", "/work dir/a:b.xml", false}}) {
        for (const auto& output : {choice({"./t", std::string("--gtest_output=") + expected.value}),
                                   choice({"./t"}, {{"GTEST_OUTPUT", expected.value}})}) {
            ASSERT_TRUE(output) << expected.value;
            EXPECT_EQ(output->format, GtestFormat::xml);
            EXPECT_EQ(output->path, expected.path);
            EXPECT_EQ(output->is_directory, expected.is_directory);
        }
    }
}

TEST(GtestOutput, XmlOutputFileIsAFile) {
    EXPECT_EQ(choice({"./t"}, {{"XML_OUTPUT_FILE", "bazel.xml"}})->path, "/work dir/bazel.xml");
    EXPECT_EQ(choice({"./t"}, {{"XML_OUTPUT_FILE", "json:x"}})->format, GtestFormat::xml);
}

TEST(GtestOutput, WhichWins) {
    const Variables both{{"GTEST_OUTPUT", "xml:env.xml"}, {"XML_OUTPUT_FILE", "bazel.xml"}};
    EXPECT_EQ(choice({"./t"}, both)->path, "/work dir/env.xml");
    EXPECT_EQ(choice({"./t", "--gtest_output=xml:flag.xml"}, both)->path, "/work dir/flag.xml");
    EXPECT_EQ(choice({"./t", "--gtest_output=xml:a", "x", "--gtest_output=xml:b"})->path,
              "/work dir/b");
    EXPECT_EQ(choice({"./t", "--gtest_output", "xml:abseil.xml"})->path, "/work dir/abseil.xml");
}

TEST(GtestOutput, OtherFormats) {
    EXPECT_EQ(choice({"./t", "--gtest_output=json"})->format, GtestFormat::json);
    EXPECT_EQ(choice({"./t", "--gtest_output=json:x.json"})->path, "/work dir/x.json");
    EXPECT_EQ(choice({"./t", "--gtest_output="})->format, GtestFormat::none);
    EXPECT_EQ(choice({"./t", "--gtest_output=:x"})->format, GtestFormat::none);
    EXPECT_EQ(choice({"./t", "--gtest_output=yaml:x"})->format, GtestFormat::other);
    EXPECT_EQ(choice({"./t", "--gtest_output=XML"})->format, GtestFormat::other);
}

TEST(GtestOutput, FlagFilesCountWhereTheyStand) {
    const ReadTextFn read = [](const std::filesystem::path& path) -> std::optional<std::string> {
        if (path == "/work dir/flags")
            return "--gtest_filter=*\n--gtest_output=xml:from_file.xml\n";
        return std::nullopt;
    };
    EXPECT_EQ(choice({"./t", "--gtest_flagfile=flags"}, {}, read)->path, "/work dir/from_file.xml");
    EXPECT_EQ(choice({"./t", "--gtest_flagfile=flags", "--gtest_output=xml:x"}, {}, read)->path,
              "/work dir/x");
    EXPECT_EQ(choice({"./t", "--gtest_output=xml:x", "--gtest_flagfile=flags"}, {}, read)->path,
              "/work dir/from_file.xml");
    EXPECT_FALSE(choice({"./t", "--gtest_flagfile=missing"}, {}, read));
}

TEST(GtestOutput, NamesInAFolder) {
    for (const char* good : {"t.xml", "t_1.xml", "t_27.xml"})
        EXPECT_TRUE(is_gtest_file_name(good, "t")) << good;
    for (const char* bad : {"t", ".xml", "t_.xml", "t_0.xml", "t_x.xml", "t1.xml", "tt.xml",
                            "t.json", "u.xml", "", "t_1.xml.bak", "t_-1.xml"}) {
        EXPECT_FALSE(is_gtest_file_name(bad, "t")) << bad;
    }
    EXPECT_TRUE(is_gtest_file_name("a.xml.xml", "a.xml"));
    EXPECT_FALSE(is_gtest_file_name("a.xml", "a.xml"));
    EXPECT_FALSE(is_gtest_file_name("a.x.xml", "a.x.xml"));
}

}  // namespace
}  // namespace leakcheck
