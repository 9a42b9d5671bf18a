// SPDX-License-Identifier: Apache-2.0
//
// Touches files as another user does. While it lives, the calling thread's file system ids and
// groups are those of the identity, and the kernel withholds the capabilities that override file
// permissions; all else about the thread, and every other thread, stays as it is. So a user who may
// run leakcheck as root cannot have it read or replace a file that is not the user's.
//
// Thread safety: acts on the calling thread alone; destroy it on the thread that made it.
// Errors: problem() says why the identity could not be taken on; nothing may be touched then.
#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

#include "runner/cli/identity.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

class FileCredentials {
  public:
    explicit FileCredentials(const Identity& identity);
    ~FileCredentials();
    FileCredentials(const FileCredentials&) = delete;
    FileCredentials& operator=(const FileCredentials&) = delete;

    const std::optional<Problem>& problem() const { return problem_; }

  private:
    void take_on(const Identity& identity);

    bool changed_ = false;
    uid_t old_uid_ = 0;
    gid_t old_gid_ = 0;
    std::vector<gid_t> old_groups_;
    std::optional<Problem> problem_;
};

// The user the calling thread touches files as.
uid_t file_uid();

}  // namespace leakcheck
