// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/open_tracer.hpp"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "runner/trace/kernel_version.hpp"
#include "runner/trace/local_tracer.hpp"
#include "runner/trace/remote_tracer.hpp"

namespace leakcheck {
namespace {

// Placing a uprobe through perf wants CAP_SYS_ADMIN on current kernels; loading the programs is then
// allowed as well.
bool can_trace() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    return ::syscall(SYS_capget, &header, data.data()) == 0 &&
           (data[0].effective & 1u << CAP_SYS_ADMIN) != 0;
}

}  // namespace

StackWalk best_stack_walk() {
    return kernel_is_at_least(5, 17) ? StackWalk::tables : StackWalk::frame_pointers;
}

std::unique_ptr<Tracer> open_tracer(const TraceConfig& config) {
    if (can_trace()) return std::make_unique<LocalTracer>(config);
    return std::make_unique<RemoteTracer>(config);
}

}  // namespace leakcheck
