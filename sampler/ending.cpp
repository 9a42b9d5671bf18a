// SPDX-License-Identifier: Apache-2.0
#include "sampler/ending.hpp"

#include <atomic>
#include <cstdint>

#include "abi/leakcheck_abi.h"
#include "sampler/config.hpp"
#include "sampler/control_file.hpp"
#include "sampler/probes.hpp"
#include "sampler/process_identity.hpp"
#include "sampler/system_call.hpp"
#include "sampler/tracking.hpp"

namespace leakcheck::sampler {
namespace {

// The process that has done so: a forked child inherits it.
constinit std::atomic<long> shown{0};

}  // namespace

void show_ending(const void* stack) {
    if (leakcheck_config_record.shows_ending == 0 || !may_have_live_blocks() || !owns_memory())
        return;
    const long process = system_call(SYS_getpid);
    if (shown.exchange(process) == process) return;
    const std::uint64_t token = make_token();
    const ControlFile control;
    if (!control.is_attended()) return;
    leakcheck_fire_ending(token, stack);
    control.wait_for_answer(token, LEAKCHECK_ENDING_TIMEOUT_MS);
}

}  // namespace leakcheck::sampler
