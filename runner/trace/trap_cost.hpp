// SPDX-License-Identifier: Apache-2.0
//
// What it takes to get from a traced program into a BPF program and back: the part of an event's cost that no
// BPF program sees. Measured on a probe site of this process's own.
#pragma once

#include "runner/trace/uprobe_link.hpp"

struct bpf_program;

namespace leakcheck {

// The probe is left in its place, since the kernel takes its time to remove one; it is never hit again.
struct TrapCost {
    UprobeLink link;
    double nanoseconds = 0.0;
};

// `program` does nothing. Takes about a millisecond. Errors: std::system_error.
TrapCost measure_trap(bpf_program* program);

}  // namespace leakcheck
