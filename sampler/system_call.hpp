// SPDX-License-Identifier: Apache-2.0
//
// System calls without the C library: no errno, no cancellation point, no function that another
// library may have interposed. Returns what the kernel returns: -errno for a failure. Thread safety
// and signal safety: those of the system call.
#pragma once

#include <sys/syscall.h>

namespace leakcheck::sampler {

template <typename... Arguments>
[[gnu::always_inline]] inline long system_call(long number, Arguments... arguments) {
    static_assert(sizeof...(Arguments) <= 6);
    const long values[6] = {(long)arguments...};
    register long fourth __asm__("r10") = values[3];
    register long fifth __asm__("r8") = values[4];
    register long sixth __asm__("r9") = values[5];
    long result = number;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(values[0]), "S"(values[1]), "d"(values[2]), "r"(fourth), "r"(fifth),
                       "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

// What such a call returns for a failure, an address being a success.
[[gnu::always_inline]] inline bool has_failed(long result) {
    return result < 0 && result > -4096;
}

}  // namespace leakcheck::sampler
