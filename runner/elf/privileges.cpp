// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/privileges.hpp"

#include <endian.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>

namespace leakcheck::elf {
namespace {

std::vector<std::uint32_t> caller_groups() {
    const int count = getgroups(0, nullptr);
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
    const int filled = getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(filled, 0)));
    return {groups.begin(), groups.end()};
}

// setuid bits and file capabilities are ignored on nosuid mounts and under no_new_privs.
bool privileges_are_ignored(const std::filesystem::path& file) {
    struct statvfs mount {};
    const bool nosuid = statvfs(file.c_str(), &mount) == 0 && (mount.f_flag & ST_NOSUID) != 0;
    return nosuid || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

// Whether the file's capabilities give anything to a process that has none: its effective flag, or
// permitted ones. Inheritable ones alone need a process that holds them already.
bool grants_capabilities(const std::filesystem::path& file) {
    struct vfs_ns_cap_data data {};
    const ssize_t size = getxattr(file.c_str(), "security.capability", &data, sizeof(data));
    if (size < static_cast<ssize_t>(XATTR_CAPS_SZ_1)) return false;
    const bool effective = (le32toh(data.magic_etc) & VFS_CAP_FLAGS_EFFECTIVE) != 0;
    return effective || data.data[0].permitted != 0 || data.data[1].permitted != 0;
}

bool in_group(const ProgramUser& user, gid_t group) {
    return user.gid == group ||
           std::find(user.groups.begin(), user.groups.end(), group) != user.groups.end();
}

// The permission bits that apply: of the owner, else of the group, else of others.
bool mode_allows(const struct stat& status, const ProgramUser& user, Access access) {
    const mode_t bit = access == Access::read ? S_IROTH : S_IXOTH;
    if (user.uid == 0) {
        return access == Access::read || (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
    }
    if (status.st_uid == user.uid) return (status.st_mode & (bit << 6)) != 0;
    if (in_group(user, status.st_gid)) return (status.st_mode & (bit << 3)) != 0;
    return (status.st_mode & bit) != 0;
}

}  // namespace

ProgramUser user_or_caller(const std::optional<ProgramUser>& user) {
    return user ? *user : ProgramUser{getuid(), getgid(), caller_groups()};
}

std::string privilege_of(const std::filesystem::path& file, const ProgramUser& user) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || privileges_are_ignored(file)) return {};
    if ((status.st_mode & S_ISUID) != 0 && status.st_uid != user.uid) return "setuid";
    // Without the group's execute bit, the setgid bit once meant mandatory locking and changes
    // nothing.
    const bool setgid = (status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0;
    if (setgid && status.st_gid != user.gid) return "setgid";
    if (user.uid != 0 && grants_capabilities(file)) return "file capabilities";
    return {};
}

bool has_access(const std::filesystem::path& file, Access access,
                const std::optional<ProgramUser>& user) {
    if (!user) {
        return faccessat(AT_FDCWD, file.c_str(), access == Access::read ? R_OK : X_OK,
                         AT_EACCESS) == 0;
    }
    struct stat status {};
    return stat(file.c_str(), &status) == 0 && mode_allows(status, *user, access);
}

}  // namespace leakcheck::elf
