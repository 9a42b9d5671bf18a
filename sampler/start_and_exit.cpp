// SPDX-License-Identifier: Apache-2.0
//
// The beginning of a process, and the ends at which its pointers are looked at and the census is taken.
//
// exit() calls its handlers in reverse order of registration. Those that our constructor registers
// for no library in particular come after main's atexit handlers, after all static destructors,
// and, since the constructors of libraries run before the C runtime registers the dynamic linker's
// own handler, after the destructors of every library as well: a destructor of ours would run
// before those of libraries that still allocate and free. quick_exit() has a list of its own.
// _exit() has none, so it is interposed; with another status than 0 it ends at once.
#include "sampler/census.hpp"
#include "sampler/config.hpp"
#include "sampler/ending.hpp"
#include "sampler/exported.hpp"
#include "sampler/hello.hpp"
#include "sampler/interpose_dlclose.hpp"
#include "sampler/next_allocator.hpp"
#include "sampler/next_function.hpp"
#include "sampler/next_operators.hpp"
#include "sampler/operator_shortcuts.hpp"
#include "sampler/system_call.hpp"

extern "C" {
int __cxa_atexit(void (*function)(void*), void* argument, void* library);
int __cxa_at_quick_exit(void (*function)(void*), void* library);
}

namespace leakcheck::sampler {
namespace {

void exit_now(int status) {
    for (;;) system_call(SYS_exit_group, status);
}

constinit NextFunction<void(int)> next_exit{"_exit", exit_now};
constinit NextFunction<void(int)> next_Exit{"_Exit", exit_now};

// Not inlined: what callers keep in registers is to be in this frame, and nothing else.
[[gnu::noinline]] void end_process() {
    __builtin_unwind_init();
    const void* stack = nullptr;
    __asm__ volatile("mov %%rsp, %0" : "=r"(stack));
    show_ending(stack);
    take_census();
}

void at_exit(void*) {
    end_process();
}

// A program that never makes an allocation of a size that is considered says hello all the same, and its
// tests are bracketed before main runs.
[[gnu::constructor]] void start() {
    next::prepare_allocator();
    if (next::prepare_operators()) next::shorten_operators();
    prepare_dlclose();
    next_exit.prepare();
    next_Exit.prepare();
    if (leakcheck_config_record.enabled != 0) say_hello_once();
    prepare_census();
    __cxa_atexit(at_exit, nullptr, nullptr);
    __cxa_at_quick_exit(at_exit, nullptr);
}

}  // namespace
}  // namespace leakcheck::sampler

extern "C" {

LEAKCHECK_EXPORT __attribute__((noreturn)) void _exit(int status) {
    if (status == 0) leakcheck::sampler::end_process();
    leakcheck::sampler::next_exit.get()(status);
    __builtin_unreachable();
}

LEAKCHECK_EXPORT __attribute__((noreturn)) void _Exit(int status) {
    if (status == 0) leakcheck::sampler::end_process();
    leakcheck::sampler::next_Exit.get()(status);
    __builtin_unreachable();
}

}  // extern "C"
