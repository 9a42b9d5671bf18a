// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/file_credentials.hpp"

#include <fmt/core.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace leakcheck {
namespace {

// The plain system call: the C library's setgroups changes every thread.
bool set_thread_groups(const std::vector<gid_t>& groups) {
    return syscall(SYS_setgroups, groups.size(), groups.data()) == 0;
}

std::vector<gid_t> thread_groups() {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    if (!groups.empty() && getgroups(static_cast<int>(groups.size()), groups.data()) < 0)
        groups.clear();
    return groups;
}

// As file_uid().
gid_t file_gid() {
    return static_cast<gid_t>(setfsgid(static_cast<gid_t>(-1)));
}

}  // namespace

// setfsuid reports the old id, never an error: an impossible id is refused and so tells the present
// one.
uid_t file_uid() {
    return static_cast<uid_t>(setfsuid(static_cast<uid_t>(-1)));
}

FileCredentials::FileCredentials(const Identity& identity)
    : old_uid_(file_uid()), old_gid_(file_gid()) {
    if (identity.differs) take_on(identity);
}

void FileCredentials::take_on(const Identity& identity) {
    old_groups_ = thread_groups();
    changed_ = true;
    const bool groups_set = set_thread_groups(identity.groups);
    setfsgid(identity.gid);
    setfsuid(identity.uid);
    if (groups_set && file_gid() == identity.gid && file_uid() == identity.uid) return;
    problem_ =
        Problem{fmt::format("cannot act for user {}: the kernel refuses to change user and groups; "
                            "grant CAP_SETUID and CAP_SETGID, or give --as-root",
                            identity.uid)};
}

FileCredentials::~FileCredentials() {
    if (!changed_) return;
    setfsuid(old_uid_);
    setfsgid(old_gid_);
    const bool restored =
        set_thread_groups(old_groups_) && file_uid() == old_uid_ && file_gid() == old_gid_;
    // Going on with another's credentials would be worse than not going on.
    if (!restored && !problem_) std::abort();
}

}  // namespace leakcheck
