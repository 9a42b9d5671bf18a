// SPDX-License-Identifier: Apache-2.0
#include "analysis/file_globs.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

bool match(const std::string& glob, const std::string& file) {
    return FileGlobs({glob}).match(file);
}

TEST(FileGlobs, MatchWholeNames) {
    EXPECT_TRUE(match("src/a.cpp", "src/a.cpp"));
    EXPECT_FALSE(match("src/a.cpp", "lib/src/a.cpp"));
    EXPECT_FALSE(match("a.cpp", "src/a.cpp"));
    EXPECT_FALSE(match("src/a", "src/a.cpp"));
    EXPECT_FALSE(match("src/A.cpp", "src/a.cpp"));
}

TEST(FileGlobs, StarAndQuestionMarkStayInTheirComponent) {
    EXPECT_TRUE(match("*.pb.cc", "shop.pb.cc"));
    EXPECT_FALSE(match("*.pb.cc", "gen/shop.pb.cc"));
    EXPECT_TRUE(match("gen/*/?.cc", "gen/x/a.cc"));
    EXPECT_FALSE(match("gen/?.cc", "gen/ab.cc"));
    EXPECT_FALSE(match("gen?a.cc", "gen/a.cc"));
    EXPECT_TRUE(match("gen[0-9]/a.cc", "gen7/a.cc"));
    EXPECT_TRUE(match("*", ".hidden"));
}

TEST(FileGlobs, TwoStarsAreAnyNumberOfComponents) {
    EXPECT_TRUE(match("**/*.pb.cc", "shop.pb.cc"));
    EXPECT_TRUE(match("**/*.pb.cc", "a/b/shop.pb.cc"));
    EXPECT_TRUE(match("src/**/x.cpp", "src/x.cpp"));
    EXPECT_TRUE(match("src/**/x.cpp", "src/a/b/x.cpp"));
    EXPECT_FALSE(match("src/**/x.cpp", "lib/a/x.cpp"));
    EXPECT_TRUE(match("src/**/gen/**/x.cpp", "src/a/gen/b/c/x.cpp"));
    EXPECT_FALSE(match("src/a**/x.cpp", "src/ab/c/x.cpp")) << "part of a component is just a star";
}

TEST(FileGlobs, ADirectoryMatchesAllInIt) {
    for (const char* glob : {"gen", "gen/", "gen/**", "./gen", "g*", "**/gen"}) {
        EXPECT_TRUE(match(glob, "gen/a/b.cpp")) << glob;
    }
    EXPECT_TRUE(match("**/gen", "src/gen/a.cpp"));
    EXPECT_FALSE(match("gen", "src/gen/a.cpp"));
    EXPECT_FALSE(match("gen", "generated/a.cpp"));
}

TEST(FileGlobs, AnyOfSeveralWillDo) {
    const FileGlobs globs({"a/*", "b/*"});
    EXPECT_TRUE(globs.match("a/x.cpp"));
    EXPECT_TRUE(globs.match("b/x.cpp"));
    EXPECT_FALSE(globs.match("c/x.cpp"));
}

TEST(FileGlobs, NothingMatchesNothing) {
    EXPECT_FALSE(FileGlobs().match("a.cpp"));
    EXPECT_FALSE(match("**", ""));
    EXPECT_FALSE(match("[", "a.cpp"));
}

TEST(FileGlobs, LongNamesAreNoTrouble) {
    std::string deep;
    for (int i = 0; i < 20000; ++i) deep += "a/";
    EXPECT_TRUE(match("**/x.cpp", deep + "x.cpp"));
    EXPECT_FALSE(match("**/x.cpp", deep + std::string(100000, 'y')));
}

}  // namespace
}  // namespace leakcheck
