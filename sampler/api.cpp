// SPDX-License-Identifier: Apache-2.0
#include "sampler/api.h"

#include "sampler/config.hpp"
#include "sampler/counted/counting.hpp"
#include "sampler/exported.hpp"
#include "sampler/hello.hpp"
#include "sampler/probes.hpp"
#include "sampler/thread_state.hpp"

using leakcheck::sampler::say_hello_once;
using leakcheck::sampler::thread_state;

namespace {

void enter_known_scope(bool begin) {
    if (begin) {
        ++thread_state.known_scopes;
    } else if (thread_state.known_scopes > 0) {
        --thread_state.known_scopes;
    }
    thread_state.turn = 0;
}

}  // namespace

extern "C" {

LEAKCHECK_EXPORT void leakcheck_v1_owner(int kind, const char* suite, const char* test) {
    if (leakcheck_config_record.enabled == 0) return;
    say_hello_once();
    leakcheck_fire_owner(static_cast<std::uint64_t>(kind), suite, test);
}

LEAKCHECK_EXPORT void leakcheck_v1_note(int kind, uint64_t a, uint64_t b, const char* text) {
    if (leakcheck_config_record.enabled == 0) return;
    say_hello_once();
    if (kind == LEAKCHECK_NOTE_KNOWN_SCOPE) enter_known_scope(a != 0);
    if (kind == LEAKCHECK_NOTE_KNOWN_LEAK)
        leakcheck::sampler::counted::mark_known(reinterpret_cast<const void*>(a));
    leakcheck_fire_note(static_cast<std::uint64_t>(kind), a, b, text);
}

LEAKCHECK_EXPORT void leakcheck_v1_untracked(int begin) {
    if (begin != 0) {
        ++thread_state.untracked;
    } else if (thread_state.untracked > 0) {
        --thread_state.untracked;
    }
    thread_state.turn = 0;
}

}  // extern "C"
