// SPDX-License-Identifier: Apache-2.0
#include "runner/config/config_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

class ConfigFiles : public testing::Test {
  protected:
    ConfigFiles() { fs::create_directories(inner()); }

    fs::path root() const { return directory_.path() / "work"; }
    fs::path inner() const { return root() / "build" / "tests"; }

    void write(const std::string& name, const std::string& text) {
        directory_.write("work/" + name, text);
    }

    // What is found from `inner`; none: nullopt. A problem fails the test.
    std::optional<ConfigText> find() {
        auto found = config_files(inner())(std::nullopt);
        if (const auto* problem = std::get_if<Problem>(&found)) ADD_FAILURE() << problem->message;
        return std::get<std::optional<ConfigText>>(found);
    }

    test::TemporaryDirectory directory_;
};

TEST_F(ConfigFiles, TheNearestAboveIsFound) {
    fs::create_directory(root() / ".git");
    EXPECT_FALSE(find());
    write("leakcheck.json", "{}");
    ASSERT_TRUE(find());
    EXPECT_EQ(find()->path, root() / "leakcheck.json");
    EXPECT_EQ(find()->name, "../../leakcheck.json");
    EXPECT_EQ(find()->text, "{}");
    write("build/tests/leakcheck.json", "{/**/}");
    EXPECT_EQ(find()->name, "leakcheck.json");
}

TEST_F(ConfigFiles, NoneIsLookedForAboveTheWorkTree) {
    fs::create_directory(root() / "build" / ".git");
    write("leakcheck.json", "{}");
    EXPECT_FALSE(find());
}

TEST_F(ConfigFiles, AResultOfThatNameIsPassedOver) {
    fs::create_directory(root() / ".git");
    write("leakcheck.json", "{}");
    write("build/leakcheck.json", "{\n  \"schema_version\": 1,\n");
    ASSERT_TRUE(find());
    EXPECT_EQ(find()->name, "../../leakcheck.json");
}

TEST_F(ConfigFiles, WhatIsAskedForHasToBeThere) {
    write("build/tests/other.json", "{ }");
    const ConfigSource source = config_files(inner());
    const auto found = source("other.json");
    EXPECT_EQ(std::get<std::optional<ConfigText>>(found)->path, inner() / "other.json");
    EXPECT_EQ(std::get<Problem>(source("missing.json")).message,
              "cannot read missing.json: No such file or directory");
    EXPECT_EQ(std::get<Problem>(source("..")).message, "..: this is a folder");
}

}  // namespace
}  // namespace leakcheck
