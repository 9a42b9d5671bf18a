// SPDX-License-Identifier: Apache-2.0
//
// The runner's control file, seen from a process of the run: asks whether the runner lives and whether it
// has answered. System calls only: no heap, no locks, errno untouched; async-signal-safe.
#pragma once

#include <cstdint>

#include "abi/leakcheck_abi.h"

namespace leakcheck::sampler {

// Mapped while the object lives.
class ControlFile {
  public:
    ControlFile();
    ~ControlFile();
    ControlFile(const ControlFile&) = delete;
    ControlFile& operator=(const ControlFile&) = delete;

    // Somebody is there to answer: the runner holds a lock on the first byte while it lives.
    bool is_attended() const;
    // Waits until the runner has answered to `token`, for so long at most, and not for a runner that is
    // gone. False: it has not.
    bool wait_for_answer(std::uint64_t token,
                         std::uint64_t timeout_ms = LEAKCHECK_HELLO_TIMEOUT_MS) const;

  private:
    bool holds_control() const;
    bool is_long_enough() const;
    bool has_answered(std::uint64_t token) const;

    long descriptor_ = -1;
    const volatile leakcheck_control* control_ = nullptr;
};

// Unlike every other that is waited for at the same time.
std::uint64_t make_token();

// Waits until `done` says so, for so long at most. False: it never did.
bool wait_until(bool (*done)(const void* argument), const void* argument,
                std::uint64_t timeout_ms = LEAKCHECK_HELLO_TIMEOUT_MS);

}  // namespace leakcheck::sampler
