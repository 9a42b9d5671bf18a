// SPDX-License-Identifier: Apache-2.0
//
// Who the command runs as, and whose the report files are.
//
//   started as                     the command runs as
//   a normal user                  that user
//   root                           root
//   root by sudo (SUDO_UID != 0)   the user who called sudo, with that user's groups; --as-root:
//   root root by a setuid bit           the real user, whatever the environment says and --as-root
//   asks
//
// The environment stays as sudo left it, SUDO_* included, but for HOME, USER and LOGNAME: where
// they still name root (sudo sets them so), they get the user's values, since a test that writes
// below $HOME would otherwise fail, or find root's files. A value that is not root's (sudo
// --preserve-env) is kept.
//
// choose_identity is pure; the world is passed in. Thread safety: free functions without state;
// real_identity_world() reads the account database, which is not safe to change at the same time.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runner/cli/environment.hpp"
#include "runner/cli/options.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

struct Account {
    std::string name;
    gid_t gid = 0;
    std::string home;
};

// What the decision depends on.
struct IdentityWorld {
    uid_t real_uid = 0;
    uid_t effective_uid = 0;
    gid_t real_gid = 0;
    std::vector<gid_t> groups;  // supplementary groups of this process
    Environment environment;
    std::function<std::optional<Account>(uid_t)> account;                // nullopt: no such account
    std::function<std::vector<gid_t>(const Account&, gid_t)> groups_of;  // as getgrouplist(3)
};

struct Identity {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  // supplementary groups, `gid` may be among them
    bool differs = false;       // from what this process runs as: to be taken on
    std::vector<std::string>
        environment;  // "NAME=value" to set for the command; only where `differs`
};

// Problem: SUDO_UID or SUDO_GID is not a number that an id can have, or --as-root without root.
Outcome<Identity> choose_identity(const IdentityWorld& world, AsRoot as_root);

IdentityWorld real_identity_world();

}  // namespace leakcheck
