// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/source_root.hpp"

#include <gmock/gmock.h>

#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SourceRoot : public FolderTest {
  protected:
    SourceRoot() { fs::create_directories(folder_ / "repo/src/deep"); }

    fs::path root(const std::optional<fs::path>& given, const fs::path& from) {
        return std::get<fs::path>(find_source_root(given, from));
    }
};

TEST_F(SourceRoot, GitTopLevelUpward) {
    fs::create_directory(folder_ / "repo/.git");
    EXPECT_EQ(root(std::nullopt, folder_ / "repo/src/deep"), folder_ / "repo");
    EXPECT_EQ(root(std::nullopt, folder_ / "repo"), folder_ / "repo");
}

TEST_F(SourceRoot, AWorkTreeHasAFileOfThatName) {
    write_text(folder_ / "repo/src/.git", "gitdir: elsewhere\n");
    EXPECT_EQ(root(std::nullopt, folder_ / "repo/src/deep"), folder_ / "repo/src");
}

TEST_F(SourceRoot, TheWorkingDirectoryWithoutGit) {
    EXPECT_EQ(root(std::nullopt, folder_ / "repo/src"), folder_ / "repo/src");
}

TEST_F(SourceRoot, AGivenOneIsResolved) {
    fs::create_directory_symlink("repo", folder_ / "link");
    EXPECT_EQ(root("link/src/..", folder_), folder_ / "repo");
    EXPECT_EQ(root(folder_ / "link", "/"), folder_ / "repo");
    EXPECT_EQ(root(std::nullopt, folder_ / "link/src"), folder_ / "repo/src");
}

TEST_F(SourceRoot, AGivenOneMustBeAFolder) {
    write_text(folder_ / "file", "");
    EXPECT_THAT(message_of(find_source_root("file", folder_)),
                HasSubstr("--source-root file: not a folder"));
    EXPECT_THAT(message_of(find_source_root("missing", folder_)),
                HasSubstr("--source-root missing: No such file"));
}

TEST_F(SourceRoot, AWorkingDirectoryThatIsGone) {
    EXPECT_THAT(message_of(find_source_root(std::nullopt, folder_ / "gone")),
                HasSubstr("working directory"));
}

}  // namespace
}  // namespace leakcheck
