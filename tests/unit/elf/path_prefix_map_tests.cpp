// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/path_prefix_map.hpp"

#include <gtest/gtest.h>

#include "runner/elf/source_paths.hpp"

namespace leakcheck::elf {
namespace {

std::string mapped(const std::vector<PathMapping>& mappings, const std::string& path) {
    return PathPrefixMap(mappings).apply(path).string();
}

TEST(PathPrefixMap, ReplacesAPrefixOfWholeComponents) {
    const std::vector<PathMapping> mappings{{"/build/shop", "/home/dev/shop"}};
    EXPECT_EQ(mapped(mappings, "/build/shop/src/a.cpp"), "/home/dev/shop/src/a.cpp");
    EXPECT_EQ(mapped(mappings, "/build/shop"), "/home/dev/shop");
    EXPECT_EQ(mapped(mappings, "/build/shop2/src/a.cpp"), "/build/shop2/src/a.cpp");
    EXPECT_EQ(mapped(mappings, "/x/build/shop/a.cpp"), "/x/build/shop/a.cpp");
    EXPECT_EQ(mapped(mappings, "build/shop/a.cpp"), "build/shop/a.cpp");
    EXPECT_EQ(mapped({}, "/build/shop/a.cpp"), "/build/shop/a.cpp");
}

TEST(PathPrefixMap, TheLongestPrefixCountsAndOfEqualOnesTheLast) {
    const std::vector<PathMapping> mappings{
        {"/b", "/short"}, {"/b/c/d", "/long"}, {"/b/c", "/middle"}, {"/b/", "/last"}};
    EXPECT_EQ(mapped(mappings, "/b/c/d/x"), "/long/x");
    EXPECT_EQ(mapped(mappings, "/b/c/x"), "/middle/x");
    EXPECT_EQ(mapped(mappings, "/b/x"), "/last/x");
}

TEST(PathPrefixMap, IsAppliedOnce) {
    EXPECT_EQ(mapped({{"/a", "/b"}, {"/b", "/c"}}, "/a/x"), "/b/x");
}

TEST(PathPrefixMap, TakesPathsAsPeopleWriteThem) {
    EXPECT_EQ(mapped({{"/build/./shop//", "/home/dev/../shop/"}}, "/build/shop/a.cpp"),
              "/home/shop/a.cpp");
    EXPECT_EQ(mapped({{"/", "/sysroot"}}, "/usr/a.c"), "/sysroot/usr/a.c");
    EXPECT_EQ(mapped({{"/sysroot", "/"}}, "/sysroot/usr/a.c"), "/usr/a.c");
    EXPECT_EQ(mapped({{"/proc/self/cwd", "."}}, "/proc/self/cwd/src/a.cpp"), "src/a.cpp");
}

TEST(PathPrefixMap, ADotIsThePrefixOfRelativePaths) {
    const std::vector<PathMapping> mappings{{".", "/home/dev/shop"}, {"gen", "/tmp/gen"}};
    EXPECT_EQ(mapped(mappings, "src/a.cpp"), "/home/dev/shop/src/a.cpp");
    EXPECT_EQ(mapped(mappings, "gen/a.cpp"), "/tmp/gen/a.cpp");
    EXPECT_EQ(mapped(mappings, "/usr/a.c"), "/usr/a.c");
}

TEST(PathPrefixMap, IsAppliedBeforeTheSourceRoot) {
    SourcePaths paths("/home/dev/shop", PathPrefixMap({{"/build/shop-1.0", "/home/dev/shop"},
                                                       {"/home/dev/shop/gen", "/tmp/gen"}}));
    const SourcePlace& inside = paths.place("../src/a.cpp", "/build/shop-1.0/obj");
    EXPECT_EQ(inside.file, "src/a.cpp");
    EXPECT_TRUE(inside.in_project);
    const SourcePlace& outside = paths.place("/home/dev/shop/gen/b.cpp", "");
    EXPECT_EQ(outside.file, "/tmp/gen/b.cpp");
    EXPECT_FALSE(outside.in_project);
}

}  // namespace
}  // namespace leakcheck::elf
