// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/source_paths.hpp"

#include <gtest/gtest.h>

#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck::elf {
namespace {

namespace fs = std::filesystem;

void expect_place(SourcePaths& paths, const std::string& name, const std::string& directory,
                  const std::string& file, bool in_project) {
    const SourcePlace& place = paths.place(name, directory);
    EXPECT_EQ(place.file, file);
    EXPECT_EQ(place.in_project, in_project);
}

TEST(SourcePaths, AreRelativeToTheRootWhereInsideIt) {
    SourcePaths paths("/home/user/project/");
    expect_place(paths, "/home/user/project/src/a.cpp", "", "src/a.cpp", true);
    expect_place(paths, "/home/user/project2/src/a.cpp", "", "/home/user/project2/src/a.cpp",
                 false);
    expect_place(paths, "/usr/include/c++/12/vector", "/home/user/project",
                 "/usr/include/c++/12/vector", false);
}

TEST(SourcePaths, AreMadeAbsoluteByTheCompilationDirectory) {
    SourcePaths paths("/home/user/project");
    expect_place(paths, "../src/./a.cpp", "/home/user/project/build", "src/a.cpp", true);
    expect_place(paths, "a.cpp", "/elsewhere", "/elsewhere/a.cpp", false);
}

TEST(SourcePaths, StayAsTheyAreWhereNothingIsKnown) {
    SourcePaths paths("/home/user/project");
    expect_place(paths, "./malloc/malloc.c", "./malloc", "malloc/malloc.c", false);
    expect_place(paths, "malloc.c", "./malloc", "malloc/malloc.c", false);
    expect_place(paths, "", "/home/user/project", "", false);
    expect_place(paths, "<built-in>", "", "<built-in>", false);
}

TEST(SourcePaths, WorkWithoutARoot) {
    SourcePaths paths("");
    expect_place(paths, "/src/../a.cpp", "", "/a.cpp", false);
    expect_place(paths, "a.cpp", "", "a.cpp", false);
}

TEST(SourcePaths, ResolvePrefixMappedNamesAgainstTheRoot) {
    const test::TemporaryDirectory root;
    root.write("a.cpp", "");
    SourcePaths paths(root.path());
    expect_place(paths, "./a.cpp", ".", "a.cpp", true);
    expect_place(paths, "./b.cpp", ".", "b.cpp", false);
}

TEST(SourcePaths, SeeThroughSymbolicLinksToTheRoot) {
    const test::TemporaryDirectory directory;
    fs::create_directories(directory.path() / "real/src");
    fs::create_symlink(directory.path() / "real", directory.path() / "link");
    SourcePaths paths(directory.path() / "real");
    expect_place(paths, "a.cpp", (directory.path() / "link/src").string(), "src/a.cpp", true);
}

}  // namespace
}  // namespace leakcheck::elf
