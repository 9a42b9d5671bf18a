// SPDX-License-Identifier: Apache-2.0
//
// Blocks held, or not, by threads: those that still run when the process ends, and those that have ended.
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

std::array<int, 2> never;  // a pipe in which nothing ever comes
sem_t ready;
pthread_key_t key;
thread_local void* volatile in_tls;

void wait_forever() {
    char byte = 0;
    while (::read(never[0], &byte, 1) != 0) {
    }
}
void say_ready_and_wait() {
    ::sem_post(&ready);
    wait_forever();
}
void start(void* (*function)(void*), void* argument = nullptr) {
    pthread_t thread{};
    if (::pthread_create(&thread, nullptr, function, argument) != 0) std::abort();
    while (::sem_wait(&ready) != 0) {
    }
}
void run_to_its_end(void* (*function)(void*)) {
    pthread_t thread{};
    if (::pthread_create(&thread, nullptr, function, nullptr) != 0) std::abort();
    ::pthread_join(thread, nullptr);
}

// ---- Running threads

void* hold_on_stack(void*) {
    void* volatile held = make<"RunningThreadStack"_case>();
    say_ready_and_wait();
    return held;
}
void* hold_in_tls(void*) {
    in_tls = make<"RunningThreadTls"_case>();
    say_ready_and_wait();
    return nullptr;
}
void* hold_in_specific(void*) {
    ::pthread_setspecific(key, make<"RunningThreadSpecific"_case>());
    say_ready_and_wait();
    return nullptr;
}
void* hold_argument(void*) {
    say_ready_and_wait();
    return nullptr;
}

// The threads load the pointer and then tell so by a flag and wait by a system call, both without touching memory or
// registers in which the pointer could be as well.
Hidden for_register;
Hidden for_vector;
std::atomic<int> loaded;

#define SAY_LOADED_AND_WAIT                                                          \
    "lock incl %[loaded]\n"                                                          \
    "1: xor %%eax, %%eax\n mov %[never], %%edi\n mov %%rsp, %%rsi\n mov $1, %%edx\n" \
    "syscall\n jmp 1b\n"

void* hold_in_register(void*) {
    asm volatile("mov %[hidden], %%r12\n not %%r12\n" SAY_LOADED_AND_WAIT
                 : [loaded] "+m"(loaded)
                 : [hidden] "m"(for_register), [never] "m"(never[0])
                 : "rax", "rdi", "rsi", "rdx", "rcx", "r11", "r12", "memory");
    return nullptr;
}
void* hold_in_vector(void*) {
    asm volatile(
        "mov %[hidden], %%rax\n not %%rax\n movq %%rax, %%xmm9\n pslldq $8, "
        "%%xmm9\n" SAY_LOADED_AND_WAIT
        : [loaded] "+m"(loaded)
        : [hidden] "m"(for_vector), [never] "m"(never[0])
        : "rax", "rdi", "rsi", "rdx", "rcx", "r11", "xmm9", "memory");
    return nullptr;
}

void plant_hidden() {
    for_register = Hidden(make<"RunningThreadRegister"_case>());
    for_vector = Hidden(make<"RunningThreadVector"_case>());
}

void start_holder(void* (*function)(void*)) {
    pthread_t thread{};
    const int before = loaded;
    if (::pthread_create(&thread, nullptr, function, nullptr) != 0) std::abort();
    while (loaded == before) ::sched_yield();
}

// ---- Threads that have ended

void* leave_on_stack(void*) {
    std::array<void* volatile, 400> frame;
    Words const left = make<"EndedThreadStack"_case>();
    for (void* volatile& word : frame) word = left;
    use(frame);
    return nullptr;
}
void* leave_in_tls(void*) {
    in_tls = make<"EndedThreadTls"_case>();
    return nullptr;
}

struct Owner {
    Words block = nullptr;
    ~Owner() { std::free(block); }
};
thread_local Owner owner;
void* leave_to_destructor(void*) {
    owner.block = make<"EndedThreadObject"_case>();
    return nullptr;
}
void* leave_in_specific(void*) {
    ::pthread_setspecific(key, make<"EndedThreadSpecific"_case>());
    return nullptr;
}
void* leave_result(void*) {
    return make<"EndedThreadResult"_case>();
}

std::atomic<pid_t> not_joined;
void* return_result(void*) {
    not_joined = static_cast<pid_t>(::syscall(SYS_gettid));
    return make<"ResultNotJoined"_case>();
}
void end_without_join() {
    pthread_t thread{};
    if (::pthread_create(&thread, nullptr, return_result, nullptr) != 0) std::abort();
    while (not_joined == 0 || ::syscall(SYS_tgkill, ::getpid(), not_joined.load(), 0) == 0)
        ::sched_yield();
}

// ---- Arenas

void* volatile held_of_arena;
Words volatile list_of_arena;

void* fill_arena(void*) {
    held_of_arena = make<"ArenaHeld"_case>();
    make<"ArenaLeaked"_case>();
    constexpr std::size_t size = "ListAcrossArenas"_case;
    const Words first = make<size>();
    first[0] = list_of_arena;
    list_of_arena = first;
    return nullptr;
}

void plant_in_main_arena() {
    constexpr std::size_t size = "ListAcrossArenas"_case;
    const Words last = make<size + 8>();
    last[0] = make<size + 16>();
    list_of_arena = last;
}

void start_threads() {
    start(hold_argument, make<"ThreadArgument"_case>());
    start(hold_on_stack);
    start(hold_in_tls);
    start(hold_in_specific);
}
void start_holders() {
    start_holder(hold_in_register);
    start_holder(hold_in_vector);
}

// The threads that run to their end come after those that are not joined: they would be given their stacks.
void end_threads() {
    end_without_join();
    run_to_its_end(leave_in_tls);
    run_to_its_end(leave_to_destructor);
    run_to_its_end(leave_in_specific);
    run_to_its_end(leave_result);
    run_to_its_end(leave_on_stack);
}

}  // namespace

void plant_threads() {
    if (::pipe(never.data()) != 0) std::abort();
    ::sem_init(&ready, 0, 0);
    ::pthread_key_create(&key, nullptr);
    run_and_forget(plant_in_main_arena);
    run_and_forget([] { run_to_its_end(fill_arena); });
    run_and_forget(start_threads);
    run_and_forget(plant_hidden);
    run_and_forget(start_holders);
    run_and_forget(end_threads);
}

}  // namespace kinds
