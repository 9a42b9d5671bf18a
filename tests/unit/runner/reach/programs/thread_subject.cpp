// SPDX-License-Identifier: Apache-2.0
//
// Blocks held, or not, by threads: what runs, what has ended, what runs elsewhere than on its stack.
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "subject.hpp"

namespace {

using subject::Hidden;
using subject::plant;

pthread_barrier_t ready;
std::array<int, 2> never{};  // a pipe in which nothing ever comes

void say_ready() {
    pthread_barrier_wait(&ready);
}
void wait_forever() {
    char byte = 0;
    while (::read(never[0], &byte, 1) != 0) {
    }
}

void start(void* (*function)(void*), const pthread_attr_t* attributes = nullptr) {
    pthread_t thread{};
    if (pthread_create(&thread, attributes, function, nullptr) != 0) std::abort();
    pthread_detach(thread);
    say_ready();
}

void* hold_on_stack(void*) {
    void* volatile held = plant("reachable", "stack of a running thread", 10);
    say_ready();
    wait_forever();
    return held;
}

thread_local void* in_tls;
void* hold_in_tls(void*) {
    in_tls = plant("reachable", "thread_local", 10);
    say_ready();
    wait_forever();
    return nullptr;
}

pthread_key_t key;
void* hold_in_specific(void*) {
    pthread_setspecific(key, plant("reachable", "pthread_setspecific of a thread", 10));
    say_ready();
    wait_forever();
    return nullptr;
}

// They say that they have the pointer when it is in the register, and nowhere else any more: by a system call that
// leaves the register alone, as the one does in which they wait.
std::array<int, 2> loaded{};  // a pipe
#define SAY_LOADED_AND_WAIT                                                                   \
    "mov $1, %%eax\n mov %[loaded], %%edi\n mov %[buffer], %%rsi\n mov $1, %%edx\n syscall\n" \
    "1: xor %%eax, %%eax\n mov %[never], %%edi\n mov %[buffer], %%rsi\n mov $1, %%edx\n"      \
    "syscall\n jmp 1b\n"

Hidden for_register;
void* hold_in_register(void*) {
    asm volatile("mov (%[hidden]), %%r12\n not %%r12\n" SAY_LOADED_AND_WAIT
                 :
                 : [hidden] "r"(&for_register), [loaded] "r"(loaded[1]), [never] "r"(never[0]),
                   [buffer] "r"(&in_tls)
                 : "rax", "rdi", "rsi", "rdx", "rcx", "r11", "r12", "memory");
    return nullptr;
}

Hidden for_vector;
void* hold_in_vector(void*) {
    asm volatile(
        "mov (%[hidden]), %%rax\n not %%rax\n movq %%rax, %%xmm9\n"
        "pslldq $8, %%xmm9\n" SAY_LOADED_AND_WAIT
        :
        : [hidden] "r"(&for_vector), [loaded] "r"(loaded[1]), [never] "r"(never[0]),
          [buffer] "r"(&in_tls)
        : "rax", "rdi", "rsi", "rdx", "rcx", "r11", "xmm9", "memory");
    return nullptr;
}

void start_holder(void* (*function)(void*)) {
    pthread_t thread{};
    char byte = 0;
    if (pthread_create(&thread, nullptr, function, nullptr) != 0) std::abort();
    if (::read(loaded[0], &byte, 1) != 1) std::abort();
}

void plant_registers() {
    for_register = Hidden(plant("reachable", "general register", 10));
    for_vector = Hidden(plant("reachable", "vector register", 10));
}

// ---- Stacks that the program provides

alignas(4096) std::array<char, 1 << 18> static_stack;

void* hold_on_static_stack(void*) {
    void* volatile held = plant("reachable", "stack in static memory", 10);
    say_ready();
    wait_forever();
    return held;
}
void* hold_on_heap_stack(void*) {
    void* volatile held = plant("reachable", "stack in a block", 10);
    say_ready();
    wait_forever();
    return held;
}
void start_on(void* stack, void* (*function)(void*)) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, 1 << 18);
    start(function, &attributes);
}

// ---- Other stacks

void* volatile alternate_stack;
void on_signal(int) {
    void* volatile held = plant("reachable", "alternate signal stack", 10);
    say_ready();
    wait_forever();
    (void)held;
}
void* hold_under_signal(void*) {
    void* volatile held = plant("reachable", "stack of a thread that handles a signal", 10);
    const stack_t stack{alternate_stack, 0, 1 << 16};
    sigaltstack(&stack, nullptr);
    pthread_kill(pthread_self(), SIGUSR1);
    return held;
}

ucontext_t coroutine;
ucontext_t coroutine_caller;
void run_coroutine() {
    void* volatile held = plant("reachable", "suspended coroutine", 10);
    swapcontext(&coroutine, &coroutine_caller);
    (void)held;
}
void start_coroutine() {
    constexpr std::size_t size = 1 << 16;
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    coroutine.uc_stack.ss_size = size;
    makecontext(&coroutine, run_coroutine, 0);
    swapcontext(&coroutine_caller, &coroutine);
}

// ---- What has ended

void* leave_on_stack(void*) {
    std::array<void*, 200> stale;
    stale.fill(plant("definite", "stack of an ended thread", 10));
    asm volatile("" : : "r"(stale.data()) : "memory");
    in_tls = plant("definite", "thread_local of an ended thread", 10);
    return plant("definite", "result of a joined thread", 10);
}
std::atomic<pid_t> not_joined_id = 0;
void* leave_result(void*) {
    not_joined_id = ::gettid();
    return plant("reachable", "result of a thread not joined", 10);
}

// The one that is not joined comes first: the other must not get its stack.
void end_threads() {
    pthread_t thread{};
    pthread_create(&thread, nullptr, leave_result, nullptr);
    pthread_t joined{};
    pthread_create(&joined, nullptr, leave_on_stack, nullptr);
    pthread_join(joined, nullptr);
    while (not_joined_id == 0 || ::syscall(SYS_tgkill, ::getpid(), not_joined_id.load(), 0) == 0)
        ::sched_yield();
}

void* leave_in_arena(void*) {
    void* const leaked = plant("definite", "held by a free chunk of an arena", 40);
    for (int i = 0; i < 20; ++i) {
        auto** const freed = static_cast<void**>(std::malloc(3000));
        for (int word = 4; word < 300; ++word) freed[word] = leaked;
        std::free(freed);
    }
    return nullptr;
}
void fill_arena() {
    pthread_t thread{};
    pthread_create(&thread, nullptr, leave_in_arena, nullptr);
    pthread_join(thread, nullptr);
}

// ---- Libraries

void close_library() {
    void* const library = ::dlopen(REACH_PLUGIN_CLOSED, RTLD_NOW);
    *static_cast<void**>(::dlsym(library, "plugin_holds")) =
        plant("definite", "data of a library that was closed", 10);
    ::dlclose(library);
}
void open_library() {
    void* const library = ::dlopen(REACH_PLUGIN, RTLD_NOW);
    *static_cast<void**>(::dlsym(library, "plugin_holds")) =
        plant("reachable", "data of a library", 10);
    reinterpret_cast<void (*)(void*)>(::dlsym(library, "plugin_hold_in_tls"))(
        plant("reachable", "dynamic TLS", 10));
}

}  // namespace

int main() {
    if (::pipe(never.data()) != 0 || ::pipe(loaded.data()) != 0) return 1;
    pthread_barrier_init(&ready, nullptr, 2);
    pthread_key_create(&key, nullptr);
    subject::run_and_forget(fill_arena);
    subject::run_and_forget(plant_registers);
    start(hold_on_stack);
    start(hold_in_tls);
    start(hold_in_specific);
    start_holder(hold_in_register);
    start_holder(hold_in_vector);
    start_on(static_stack.data(), hold_on_static_stack);
    static void* heap_stack = std::aligned_alloc(4096, 1 << 18);
    start_on(heap_stack, hold_on_heap_stack);
    alternate_stack = std::malloc(1 << 16);
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR1, &action, nullptr);
    start(hold_under_signal);
    start_coroutine();
    subject::run_and_forget(end_threads);
    subject::run_and_forget(close_library);
    subject::run_and_forget(open_library);
    subject::report_and_wait();
}
