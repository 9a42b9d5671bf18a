// SPDX-License-Identifier: Apache-2.0
//
// The single checks of the doctor. Private to it. Thread safety: free functions without state.
#pragma once

#include "runner/cli/doctor.hpp"

namespace leakcheck {

// Whether this process, or its helper by sudo, has what tracing needs.
enum class Privileged { no, yes };

CheckResult check_kernel(const DoctorWorld& world);
CheckResult check_stacks(const DoctorWorld& world);
CheckResult check_btf(const DoctorWorld& world);
CheckResult check_privileges(const DoctorWorld& world);
CheckResult check_uprobes(const DoctorWorld& world);
CheckResult check_perf_event_paranoid(const DoctorWorld& world, Privileged privileged);
CheckResult check_unprivileged_bpf(const DoctorWorld& world);
CheckResult check_lockdown(const DoctorWorld& world);
CheckResult check_container(const DoctorWorld& world, Privileged privileged);
CheckResult check_sampler(const DoctorWorld& world);
CheckResult check_temporary_directory(const DoctorWorld& world);

// Which of the capabilities that tracing may use this process has, and the whole effective set.
std::string capabilities_text(const DoctorWorld& world);

// nullopt on kernels that account BPF memory to the control group (5.11 and later).
std::optional<CheckResult> check_locked_memory(const DoctorWorld& world);

}  // namespace leakcheck
