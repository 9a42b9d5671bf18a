// SPDX-License-Identifier: Apache-2.0
//
// Signal handlers that allocate, each raised at a known place: a test may do what a program must not.
#include <setjmp.h>
#include <signal.h>

#include <cstring>
#include <string>

#include "torture.hpp"

namespace torture::signals {
namespace {

sigjmp_buf way_out;
constexpr std::size_t kStackSize = 128 * 1024;  // bytes

[[gnu::noinline]] void work(int depth) {
    const std::string text(static_cast<std::size_t>(40 + depth), 'g');
    if (depth > 0) work(depth - 1);
    keep(&text);
}

void handle(int) {
    work(3);
}

void handle_and_raise(int) {
    work(1);
    ::raise(SIGUSR2);
    work(2);
}

void handle_and_leave(int) {
    work(2);
    ::siglongjmp(way_out, 1);
}

// A signal's disposition while the object lives.
class Disposition {
  public:
    Disposition(int number, void (*handler)(int), int flags) : number_(number) {
        struct sigaction action {};
        action.sa_handler = handler;
        action.sa_flags = flags;
        ::sigaction(number, &action, &before_);
    }
    ~Disposition() { ::sigaction(number_, &before_, nullptr); }
    Disposition(const Disposition&) = delete;
    Disposition& operator=(const Disposition&) = delete;

  private:
    int number_;
    struct sigaction before_ {};
};

class AlternateStack {
  public:
    AlternateStack() : memory_(static_cast<char*>(std::malloc(kStackSize))) {
        stack_t stack{};
        stack.ss_sp = memory_;
        stack.ss_size = kStackSize;
        ::sigaltstack(&stack, &before_);
    }
    ~AlternateStack() {
        ::sigaltstack(&before_, nullptr);
        std::free(memory_);
    }
    AlternateStack(const AlternateStack&) = delete;
    AlternateStack& operator=(const AlternateStack&) = delete;

  private:
    char* memory_;
    stack_t before_{};
};

[[gnu::noinline]] void raise_below(int depth, int number) {
    const std::string text(static_cast<std::size_t>(33 + depth), 'b');
    if (depth == 0)
        ::raise(number);
    else
        raise_below(depth - 1, number);
    keep(&text);
}

void on_the_stack(Random& random) {
    const Disposition disposition(SIGUSR1, handle, 0);
    raise_below(static_cast<int>(random.below(10)), SIGUSR1);
}

void on_another_stack(Random& random) {
    const AlternateStack stack;
    const Disposition disposition(SIGUSR1, handle, SA_ONSTACK);
    raise_below(static_cast<int>(random.below(10)), SIGUSR1);
}

void nested_signals(Random& random) {
    const Disposition first(SIGUSR1, handle_and_raise, 0);
    const Disposition second(SIGUSR2, handle, 0);
    raise_below(static_cast<int>(random.below(5)), SIGUSR1);
}

// The handler's signal interrupts the very instruction that faults, in a leaf function without a frame.
const volatile int* volatile nowhere = nullptr;

[[gnu::noinline]] int read_from_nowhere() {
    return *nowhere;
}

[[gnu::noinline]] int fault_below(int depth) {
    if (depth == 0) return read_from_nowhere();
    const int value = fault_below(depth - 1);
    keep(&value);
    return value;
}

void fault(int flags, int depth) {
    const Disposition disposition(SIGSEGV, handle_and_leave, flags);
    if (sigsetjmp(way_out, 1) == 0) fault_below(depth);
    work(1);
}

void faults(Random& random) {
    fault(0, static_cast<int>(random.below(10)));
}

void faults_on_another_stack(Random& random) {
    const AlternateStack stack;
    fault(SA_ONSTACK, static_cast<int>(random.below(10)));
}

[[gnu::noinline]] void jump_below(int depth) {
    allocate(static_cast<std::size_t>(25 + depth));
    if (depth == 0) ::longjmp(way_out, 1);
    jump_below(depth - 1);
    keep(&depth);
}

void long_jumps(Random& random) {
    const int depth = static_cast<int>(random.below(15));
    if (setjmp(way_out) == 0) jump_below(depth);
    work(1);
}

int compare_and_raise(const void* a, const void* b) {
    ::raise(SIGUSR1);
    return std::strcmp(static_cast<const char*>(a), static_cast<const char*>(b));
}

void in_callbacks(Random&) {
    const Disposition disposition(SIGUSR1, handle, 0);
    char words[3][8]{"second", "third", "first"};
    std::qsort(words, 3, sizeof(words[0]), compare_and_raise);
}

const Scenario scenarios[]{
    {"on_the_stack", 5, on_the_stack},
    {"on_another_stack", 5, on_another_stack},
    {"nested_signals", 5, nested_signals},
    {"faults", 5, faults},
    {"faults_on_another_stack", 5, faults_on_another_stack},
    {"long_jumps", 5, long_jumps},
    {"in_callbacks", 3, in_callbacks},
};

}  // namespace
}  // namespace torture::signals
