// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/kernel_version.hpp"

#include <sys/utsname.h>

#include <cstdio>
#include <tuple>

namespace leakcheck {

bool kernel_is_at_least(unsigned major, unsigned minor) {
    struct utsname name {};
    unsigned running_major = 0;
    unsigned running_minor = 0;
    return ::uname(&name) == 0 &&
           std::sscanf(name.release, "%u.%u", &running_major, &running_minor) == 2 &&
           std::tie(running_major, running_minor) >= std::tie(major, minor);
}

}  // namespace leakcheck
