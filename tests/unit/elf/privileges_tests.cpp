// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/privileges.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstring>

#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck::elf {
namespace {

class Privileges : public testing::Test {
  protected:
    void SetUp() override {
        file_ = directory_.write("program", "x");
        struct statvfs mount {};
        ASSERT_EQ(statvfs(file_.c_str(), &mount), 0);
        if ((mount.f_flag & ST_NOSUID) != 0)
            GTEST_SKIP() << "the temporary directory is mounted nosuid";
        if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) GTEST_SKIP() << "no_new_privs is set here";
    }

    void set_mode(mode_t mode) { ASSERT_EQ(chmod(file_.c_str(), mode), 0); }

    // The file belongs to the caller; another user is one who is not.
    static ProgramUser owner() { return {getuid(), getgid(), {}}; }
    static ProgramUser other() { return {getuid() + 4000, getgid() + 4000, {}}; }

    test::TemporaryDirectory directory_;
    std::filesystem::path file_;
};

TEST_F(Privileges, PlainProgramsHaveNone) {
    set_mode(0755);
    EXPECT_EQ(privilege_of(file_, owner()), "");
    EXPECT_EQ(privilege_of(file_, other()), "");
}

TEST_F(Privileges, SetuidCountsForOtherUsersOnly) {
    set_mode(04755);
    EXPECT_EQ(privilege_of(file_, owner()), "");
    EXPECT_EQ(privilege_of(file_, other()), "setuid");
}

TEST_F(Privileges, SetgidCountsForOtherGroupsOnly) {
    set_mode(02755);
    EXPECT_EQ(privilege_of(file_, owner()), "");
    EXPECT_EQ(privilege_of(file_, other()), "setgid");
    set_mode(02745);
    EXPECT_EQ(privilege_of(file_, other()), "");
}

bool give_capability(const std::filesystem::path& file, std::uint32_t flags,
                     std::uint32_t permitted, std::uint32_t inheritable) {
    vfs_cap_data data{};
    data.magic_etc = VFS_CAP_REVISION_2 | flags;
    data.data[0].permitted = permitted;
    data.data[0].inheritable = inheritable;
    return setxattr(file.c_str(), "security.capability", &data, XATTR_CAPS_SZ_2, 0) == 0;
}

TEST_F(Privileges, FileCapabilitiesCountForEveryoneButRoot) {
    const std::uint32_t some = 1U << CAP_NET_RAW;
    if (!give_capability(file_, VFS_CAP_FLAGS_EFFECTIVE, some, 0)) {
        GTEST_SKIP() << "file capabilities cannot be set here: " << std::strerror(errno);
    }
    EXPECT_EQ(privilege_of(file_, {1234, getgid(), {}}), "file capabilities");
    EXPECT_EQ(privilege_of(file_, {0, getgid(), {}}), "");
    ASSERT_TRUE(give_capability(file_, 0, some, 0));
    EXPECT_EQ(privilege_of(file_, {1234, getgid(), {}}), "file capabilities");
    ASSERT_TRUE(give_capability(file_, 0, 0, some));
    EXPECT_EQ(privilege_of(file_, {1234, getgid(), {}}), "");
}

TEST_F(Privileges, MissingFilesHaveNone) {
    EXPECT_EQ(privilege_of(directory_.path() / "missing", other()), "");
    EXPECT_FALSE(has_access(directory_.path() / "missing", Access::execute, other()));
    EXPECT_FALSE(has_access(directory_.path() / "missing", Access::execute, std::nullopt));
}

TEST_F(Privileges, AccessOfAnotherUserGoesByTheModeBits) {
    const ProgramUser stranger{getuid() + 4000, getgid() + 4000, {}};
    const ProgramUser member{getuid() + 4000, getgid() + 4000, {getgid()}};
    set_mode(0710);
    EXPECT_FALSE(has_access(file_, Access::execute, stranger));
    EXPECT_TRUE(has_access(file_, Access::execute, member));
    EXPECT_FALSE(has_access(file_, Access::read, member));
    set_mode(0701);
    EXPECT_TRUE(has_access(file_, Access::execute, stranger));
    EXPECT_FALSE(has_access(file_, Access::execute, member)) << "the group's bits come first";
}

TEST_F(Privileges, RootNeedsSomeExecuteBit) {
    const ProgramUser root{0, 0, {}};
    set_mode(0644);
    EXPECT_FALSE(has_access(file_, Access::execute, root));
    set_mode(0601);
    EXPECT_TRUE(has_access(file_, Access::execute, root));
    set_mode(0);
    EXPECT_TRUE(has_access(file_, Access::read, root));
}

TEST(ProgramUserOfTheCaller, IsTheRealUser) {
    EXPECT_EQ(user_or_caller(std::nullopt).uid, getuid());
    EXPECT_EQ(user_or_caller(ProgramUser{7, 8, {9}}).gid, 8U);
}

}  // namespace
}  // namespace leakcheck::elf
