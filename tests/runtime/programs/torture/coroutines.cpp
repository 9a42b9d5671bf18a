// SPDX-License-Identifier: Apache-2.0
//
// Code on stacks that are not a thread's own (makecontext), and code that has none while it waits (C++20).
#include <sys/mman.h>
#include <ucontext.h>

#include <string>
#include <version>

#ifdef __cpp_impl_coroutine
#include <coroutine>
#endif

#include "torture.hpp"

namespace torture::coroutines {
namespace {

constexpr std::size_t kStackSize = 64 * 1024;  // bytes

ucontext_t outside;
ucontext_t inside;

[[gnu::noinline]] void work_and_yield(int depth) {
    const std::string text(static_cast<std::size_t>(40 + depth), 'y');
    ::swapcontext(&inside, &outside);
    if (depth > 0) work_and_yield(depth - 1);
    keep(&text);
}

void entry(int depth) {
    work_and_yield(depth);
    allocate(40);
}

void run_on(void* stack, int depth) {
    ::getcontext(&inside);
    inside.uc_stack.ss_sp = stack;
    inside.uc_stack.ss_size = kStackSize;
    inside.uc_link = &outside;
    ::makecontext(&inside, reinterpret_cast<void (*)()>(entry), 1, depth);
    for (int i = 0; i <= depth + 1; ++i) {
        allocate(48);
        ::swapcontext(&outside, &inside);
    }
}

void contexts_on_the_heap(Random& random) {
    void* stack = std::malloc(kStackSize);
    run_on(stack, static_cast<int>(random.below(6)));
    std::free(stack);
}

void contexts_on_mapped_stacks(Random& random) {
    void* stack =
        ::mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED) return;
    run_on(stack, static_cast<int>(random.below(6)));
    ::munmap(stack, kStackSize);
}

const Scenario scenarios[]{
    {"contexts_on_the_heap", 4, contexts_on_the_heap},
    {"contexts_on_mapped_stacks", 4, contexts_on_mapped_stacks},
};

#ifdef __cpp_impl_coroutine
class Generator {
  public:
    struct promise_type {
        auto get_return_object() { return Handle::from_promise(*this); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(std::size_t value) {
            current = value;
            return {};
        }
        void return_void() {}
        void unhandled_exception() { throw; }
        std::size_t current = 0;
    };
    using Handle = std::coroutine_handle<promise_type>;

    Generator(Handle handle) : handle_(handle) {}
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;
    ~Generator() { handle_.destroy(); }
    bool next() {
        handle_.resume();
        return !handle_.done();
    }
    std::size_t value() const { return handle_.promise().current; }

  private:
    Handle handle_;
};

Generator count_down(std::size_t from) {
    for (std::size_t i = from; i > 0; --i) {
        const std::string text(30 + i, 'c');
        co_yield text.size();
        if (i > 1) {
            Generator below = count_down(i / 2);
            while (below.next()) co_yield below.value();
        }
    }
}

void generators(Random& random) {
    Generator numbers = count_down(random.below(6));
    std::size_t sum = 0;
    while (numbers.next()) sum += numbers.value();
    keep(&sum);
}

const Scenario of_the_language("generators", 6, generators);
#endif

}  // namespace
}  // namespace torture::coroutines
