// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/identity.hpp"

#include <gmock/gmock.h>

#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t ada_uid = 1000;

std::optional<Account> account(uid_t uid) {
    if (uid == 0) return Account{"root", 0, "/root"};
    if (uid == ada_uid) return Account{"ada", 100, "/home/ada"};
    return std::nullopt;
}

IdentityWorld world(uid_t uid, std::map<std::string, std::string> variables) {
    return {uid,
            uid,
            uid == 0 ? 0u : 100u,
            {4, 5},
            environment_of(std::move(variables)),
            account,
            [](const Account& who, gid_t gid) {
                return who.name == "ada" ? std::vector<gid_t>{gid, 27, 44} : std::vector<gid_t>{};
            }};
}

// As sudo leaves it by default.
std::map<std::string, std::string> sudo_environment() {
    return {{"SUDO_UID", "1000"}, {"SUDO_GID", "100"}, {"SUDO_USER", "ada"},
            {"HOME", "/root"},    {"USER", "root"},    {"LOGNAME", "root"}};
}

Identity chosen(const IdentityWorld& from, AsRoot as_root = AsRoot::no) {
    const auto result = choose_identity(from, as_root);
    EXPECT_TRUE(std::holds_alternative<Identity>(result)) << message_of(result);
    return std::holds_alternative<Identity>(result) ? std::get<Identity>(result) : Identity{};
}

TEST(Identity, ANormalUserStays) {
    const Identity identity = chosen(world(ada_uid, {}));
    EXPECT_EQ(identity.uid, ada_uid);
    EXPECT_EQ(identity.gid, 100u);
    EXPECT_FALSE(identity.differs);
    EXPECT_THAT(identity.environment, IsEmpty());
}

TEST(Identity, SudoVariablesMeanNothingToANormalUser) {
    const Identity identity = chosen(world(ada_uid, {{"SUDO_UID", "0"}, {"SUDO_GID", "rubbish"}}));
    EXPECT_EQ(identity.uid, ada_uid);
    EXPECT_FALSE(identity.differs);
}

TEST(Identity, RootStaysRoot) {
    const Identity identity = chosen(world(0, {}));
    EXPECT_EQ(identity.uid, 0u);
    EXPECT_FALSE(identity.differs);
    EXPECT_THAT(identity.groups, ElementsAre(4, 5));
    EXPECT_FALSE(chosen(world(0, {{"SUDO_UID", "0"}, {"SUDO_GID", "0"}})).differs);
}

TEST(Identity, UnderSudoTheCaller) {
    const Identity identity = chosen(world(0, sudo_environment()));
    EXPECT_TRUE(identity.differs);
    EXPECT_EQ(identity.uid, ada_uid);
    EXPECT_EQ(identity.gid, 100u);
    EXPECT_THAT(identity.groups, ElementsAre(100, 27, 44));
    EXPECT_THAT(identity.environment, ElementsAre("HOME=/home/ada", "USER=ada", "LOGNAME=ada"));
}

TEST(Identity, VariablesThatSudoKeptStay) {
    auto variables = sudo_environment();
    variables["HOME"] = "/srv/ada";
    variables["USER"] = "ada";
    variables.erase("LOGNAME");
    EXPECT_THAT(chosen(world(0, variables)).environment, ElementsAre("LOGNAME=ada"));
}

TEST(Identity, AsRootOverrides) {
    const Identity identity = chosen(world(0, sudo_environment()), AsRoot::yes);
    EXPECT_EQ(identity.uid, 0u);
    EXPECT_FALSE(identity.differs);
    EXPECT_FALSE(chosen(world(0, {{"SUDO_UID", "rubbish"}}), AsRoot::yes).differs);
}

TEST(Identity, AsRootNeedsRoot) {
    EXPECT_THAT(message_of(choose_identity(world(ada_uid, {}), AsRoot::yes)),
                HasSubstr("--as-root"));
}

TEST(Identity, ASetuidBitGivesNobodyRoot) {
    for (const AsRoot as_root : {AsRoot::no, AsRoot::yes}) {
        IdentityWorld setuid = world(ada_uid, {{"SUDO_UID", "0"}});
        setuid.effective_uid = 0;
        const Identity identity = chosen(setuid, as_root);
        EXPECT_EQ(identity.uid, ada_uid);
        EXPECT_EQ(identity.gid, 100u);
        EXPECT_TRUE(identity.differs);
    }
}

TEST(Identity, TheGroupOfTheAccountWhereSudoNamesNone) {
    auto variables = sudo_environment();
    variables.erase("SUDO_GID");
    EXPECT_EQ(chosen(world(0, variables)).gid, 100u);
}

TEST(Identity, AnIdWithoutAccount) {
    auto variables = sudo_environment();
    variables["SUDO_UID"] = "4242";
    variables["SUDO_GID"] = "4343";
    const Identity identity = chosen(world(0, variables));
    EXPECT_EQ(identity.uid, 4242u);
    EXPECT_THAT(identity.groups, ElementsAre(4343));
    EXPECT_THAT(identity.environment, IsEmpty());
    variables.erase("SUDO_GID");
    EXPECT_THAT(message_of(choose_identity(world(0, variables), AsRoot::no)),
                HasSubstr("set SUDO_GID"));
}

TEST(Identity, BadIdsAreRefused) {
    for (const char* bad : {"", " ", "-1", "+1", "ada", "1000x", " 1000", "0x3e8", "4294967295",
                            "4294967296", "99999999999999999999", "1e3"}) {
        auto variables = sudo_environment();
        variables["SUDO_UID"] = bad;
        const std::string message = message_of(choose_identity(world(0, variables), AsRoot::no));
        EXPECT_THAT(message, HasSubstr("SUDO_UID=\"" + std::string(bad) + "\" is not an id"))
            << bad;
        variables = sudo_environment();
        variables["SUDO_GID"] = bad;
        EXPECT_THAT(message_of(choose_identity(world(0, variables), AsRoot::no)),
                    HasSubstr("SUDO_GID"))
            << bad;
    }
}

TEST(Identity, TheRealWorldIsThisProcess) {
    const IdentityWorld real = real_identity_world();
    EXPECT_EQ(real.real_uid, getuid());
    EXPECT_EQ(real.effective_uid, geteuid());
    const auto root = real.account(0);
    ASSERT_TRUE(root);
    EXPECT_EQ(root->name, "root");
    EXPECT_THAT(real.groups_of(*root, 4321), testing::Contains(4321u));
    EXPECT_EQ(real.account(4294967290u), std::nullopt);
}

}  // namespace
}  // namespace leakcheck
