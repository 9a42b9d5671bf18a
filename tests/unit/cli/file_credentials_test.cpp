// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/file_credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <thread>

#include "runner/unique_fd.hpp"
#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

class Credentials : public FolderTest {
  protected:
    bool can_read_secret() {
        return static_cast<bool>(
            UniqueFd(open((folder_ / "secret").c_str(), O_RDONLY | O_CLOEXEC)));
    }

    Credentials() {
        write_text(folder_ / "secret", "");
        chmod((folder_ / "secret").c_str(), 0600);
    }
};

TEST_F(Credentials, TheSameIdentityChangesNothing) {
    const uid_t before = file_uid();
    const FileCredentials credentials(self());
    EXPECT_FALSE(credentials.problem());
    EXPECT_EQ(file_uid(), before);
    EXPECT_TRUE(can_read_secret());
}

TEST_F(Credentials, ActsAsTheOtherUserAndComesBack) {
    LEAKCHECK_NEEDS_ROOT();
    {
        const FileCredentials credentials(as_nobody());
        ASSERT_FALSE(credentials.problem());
        EXPECT_EQ(file_uid(), nobody);
        EXPECT_EQ(geteuid(), 0u);
        EXPECT_FALSE(can_read_secret());
    }
    EXPECT_EQ(file_uid(), 0u);
    EXPECT_TRUE(can_read_secret());
}

TEST_F(Credentials, RootsGroupsDoNotCount) {
    LEAKCHECK_NEEDS_ROOT();
    chmod((folder_ / "secret").c_str(), 0640);  // group root
    const FileCredentials credentials(as_nobody());
    ASSERT_FALSE(credentials.problem());
    EXPECT_FALSE(can_read_secret());
}

TEST_F(Credentials, OtherThreadsAreLeftAlone) {
    LEAKCHECK_NEEDS_ROOT();
    const FileCredentials credentials(as_nobody());
    ASSERT_FALSE(credentials.problem());
    // A thread inherits from its maker, so what is checked is that a change here does not reach
    // this one.
    std::thread([] {
        const FileCredentials other(Identity{1, 1, {1}, true, {}});
        EXPECT_TRUE(other.problem() || file_uid() == 1u);
    }).join();
    EXPECT_EQ(file_uid(), nobody);
}

TEST_F(Credentials, WithoutPrivilegesItSaysSo) {
    LEAKCHECK_NEEDS_ROOT();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        if (setgid(nobody) != 0 || setuid(nobody) != 0) _exit(2);
        const FileCredentials credentials(Identity{1, 1, {1}, true, {}});
        _exit(credentials.problem() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace leakcheck
