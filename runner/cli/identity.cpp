// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/identity.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <limits>

#include "runner/cli/values.hpp"

namespace leakcheck {
namespace {

// (uid_t)-1 means "no change" to the kernel, so it is nobody's id.
constexpr std::uint64_t highest_id = std::numeric_limits<uid_t>::max() - 1;

Outcome<uid_t> sudo_id(const std::string& name, const std::string& text) {
    const auto number = parse_number(text);
    if (number && *number <= highest_id) return static_cast<uid_t>(*number);
    return Problem{
        fmt::format("{}=\"{}\" is not an id, so the user who called sudo is unknown; "
                    "unset {}, or give --as-root to run the command as root",
                    name, text, name)};
}

Identity unchanged(const IdentityWorld& world) {
    return {world.effective_uid, world.real_gid, world.groups, false, {}};
}

// A variable is replaced where it is missing or still has root's value.
void correct_variable(const IdentityWorld& world, const std::string& name, const std::string& roots,
                      const std::string& users, std::vector<std::string>& changes) {
    if (users.empty()) return;
    const auto current = world.environment(name);
    if (!current || *current == roots) changes.push_back(name + "=" + users);
}

std::vector<std::string> corrected_environment(const IdentityWorld& world, const Account& user) {
    const Account root = world.account(0).value_or(Account{"root", 0, "/root"});
    std::vector<std::string> changes;
    correct_variable(world, "HOME", root.home, user.home, changes);
    correct_variable(world, "USER", root.name, user.name, changes);
    correct_variable(world, "LOGNAME", root.name, user.name, changes);
    return changes;
}

Outcome<gid_t> group_of_caller(const IdentityWorld& world, uid_t uid,
                               const std::optional<Account>& account) {
    if (const auto text = world.environment("SUDO_GID")) return sudo_id("SUDO_GID", *text);
    if (account) return account->gid;
    return Problem{
        fmt::format("the user with id {} has no account and SUDO_GID is not set, so the group "
                    "of the command is unknown; set SUDO_GID, or give --as-root",
                    uid)};
}

// Containers have ids without accounts: such a user has the one group and an unchanged environment.
Outcome<Identity> caller_of_sudo(const IdentityWorld& world, uid_t uid) {
    const auto account = world.account(uid);
    const auto gid = group_of_caller(world, uid, account);
    if (const auto* problem = std::get_if<Problem>(&gid)) return *problem;
    Identity identity{uid, std::get<gid_t>(gid), {}, true, {}};
    if (!account) {
        identity.groups = {identity.gid};
        return identity;
    }
    identity.groups = world.groups_of(*account, identity.gid);
    identity.environment = corrected_environment(world, *account);
    return identity;
}

}  // namespace

Outcome<Identity> choose_identity(const IdentityWorld& world, AsRoot as_root) {
    if (world.effective_uid != world.real_uid) {
        return Identity{world.real_uid, world.real_gid, world.groups, true, {}};
    }
    if (world.effective_uid != 0) {
        if (as_root == AsRoot::no) return unchanged(world);
        return Problem{"--as-root: leakcheck itself does not run as root; start it with sudo"};
    }
    const auto sudo_uid = world.environment("SUDO_UID");
    if (as_root == AsRoot::yes || !sudo_uid) return unchanged(world);
    const auto uid = sudo_id("SUDO_UID", *sudo_uid);
    if (const auto* problem = std::get_if<Problem>(&uid)) return *problem;
    if (std::get<uid_t>(uid) == 0) return unchanged(world);
    return caller_of_sudo(world, std::get<uid_t>(uid));
}

}  // namespace leakcheck
