// SPDX-License-Identifier: Apache-2.0
#include "sampler/api.h"

#include "sampler/config.hpp"
#include "sampler/exported.hpp"
#include "sampler/hello.hpp"
#include "sampler/probes.hpp"
#include "sampler/thread_state.hpp"

using leakcheck::sampler::say_hello_once;
using leakcheck::sampler::thread_state;

extern "C" {

LEAKCHECK_EXPORT void leakcheck_v1_owner(int kind, const char* suite, const char* test) {
    if (leakcheck_config_record.enabled == 0) return;
    say_hello_once();
    leakcheck_fire_owner(static_cast<std::uint64_t>(kind), suite, test);
}

LEAKCHECK_EXPORT void leakcheck_v1_note(int kind, uint64_t a, uint64_t b, const char* text) {
    if (leakcheck_config_record.enabled == 0) return;
    say_hello_once();
    leakcheck_fire_note(static_cast<std::uint64_t>(kind), a, b, text);
}

LEAKCHECK_EXPORT void leakcheck_v1_untracked(int begin) {
    if (begin != 0) {
        ++thread_state.untracked;
    } else if (thread_state.untracked > 0) {
        --thread_state.untracked;
    }
}

}  // extern "C"
