// SPDX-License-Identifier: Apache-2.0
//
// Who the command runs as and whose the reports are: under sudo, and as a normal user whose tracing helper
// alone is elevated. The parts that need root are run by root only.
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

class PrivilegesTest : public RuntimeTest {
  protected:
    void SetUp() override {
        RuntimeTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        if (::geteuid() != 0) return unavailable("only root can take on other users");
        ASSERT_EQ(::chown(directory().c_str(), kNobody, kNobody), 0);
    }

    static uid_t owner(const fs::path& path) {
        struct stat info {};
        return ::stat(path.c_str(), &info) == 0 ? info.st_uid : static_cast<uid_t>(-1);
    }
};

const std::map<std::string, std::string> kSudo{
    {"SUDO_UID", "65534"}, {"SUDO_GID", "65534"}, {"SUDO_USER", "nobody"}};

TEST_F(PrivilegesTest, UnderSudoTheCommandAndTheReportsAreTheUsers) {
    const Traced traced = trace({}, {"id", "-u"}, {.environment = kSudo});
    EXPECT_EQ(traced.outcome.out, "65534\n") << traced.outcome.err;
    EXPECT_EQ(owner(directory() / "result.json"), kNobody);
    EXPECT_FALSE(traced.result.is_null());
}

TEST_F(PrivilegesTest, AsRootKeepsRoot) {
    const Traced traced = trace({"--as-root"}, {"id", "-u"}, {.environment = kSudo});
    EXPECT_EQ(traced.outcome.out, "0\n") << traced.outcome.err;
    EXPECT_EQ(owner(directory() / "result.json"), 0u);
}

TEST_F(PrivilegesTest, UnderSudoTestsAreToldApartAllTheSame) {
    const Traced traced =
        trace({}, {program("suite"), "--gtest_filter=Plain.Leaks"}, {.environment = kSudo});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(traced.result.at("tests").size(), 1u);
    EXPECT_EQ(traced.outcome.status, 23);
}

// A script run as nobody, in a mount namespace in which nobody may use sudo without a password.
class NormalUserTest : public PrivilegesTest {
  protected:
    Outcome as_nobody(const std::string& script) {
        std::ofstream(directory() / "rule") << "nobody ALL=(ALL) NOPASSWD: ALL\n";
        fs::create_directory(directory() / "rules");
        fs::copy_file(directory() / "rule", directory() / "rules" / "leakcheck-test");
        ::chmod((directory() / "rules" / "leakcheck-test").c_str(), 0440);
        const std::string inside = "mount --bind " + (directory() / "rules").string() +
                                   " /etc/sudoers.d && exec setpriv --reuid=65534 --regid=65534 "
                                   "--clear-groups sh -c \"$1\"";
        return run({"unshare", "-m", "sh", "-c", inside, "sh", script},
                   here({.unset = {"SUDO_UID"}}));
    }
};

TEST_F(NormalUserTest, OnlyTheTracingHelperIsElevated) {
    if (run({"sh", "-c", "command -v sudo"}).status != 0)
        return unavailable("sudo is not installed");
    const fs::path result = directory() / "user.json";
    const Outcome outcome = as_nobody(
        leakcheck_program() + " --no-github --json " + result.string() + " -- " + program("suite") +
        " --gtest_filter=Plain.Leaks:Plain.LeaksInClosedLibrary; echo status $?; " +
        leakcheck_program() + " --quiet -- id -u");
    EXPECT_NE(outcome.out.find("status 23\n"), std::string::npos) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("\n65534\n"), std::string::npos) << outcome.out << outcome.err;
    EXPECT_EQ(owner(result), kNobody);
    const auto json = nlohmann::json::parse(read_file(result));
    EXPECT_EQ(json.at("tests").size(), 2u);
    EXPECT_EQ(leaked(json).bytes, 1001u + 1002 + 1003 + 1008 + 1015 + 1016);
}

TEST_F(NormalUserTest, WithoutPrivilegesItEndsBeforeAnythingRuns) {
    const Outcome outcome =
        run({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", leakcheck_program(),
             "--", "touch", (directory() / "ran").string()},
            here());
    EXPECT_EQ(outcome.status, 125) << outcome.err;
    EXPECT_EQ(outcome.err.rfind("leakcheck: ", 0), 0u) << outcome.err;
    EXPECT_FALSE(fs::exists(directory() / "ran"));
}

}  // namespace
}  // namespace leakcheck::runtime
