// SPDX-License-Identifier: Apache-2.0
//
// Signals that come at any instruction: in the middle of prologues and epilogues, in stubs of the procedure
// linkage table, in the kernel's own code in user space (vDSO). What is interrupted never allocates, so the
// handler may.
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "torture.hpp"

namespace torture::interrupted {
namespace {

std::atomic<int> signals{0};

void handle(int) {
    allocate(static_cast<std::size_t>(100 + signals.fetch_add(1)));
}

// Raises SIGALRM every 50 microseconds while it lives.
class Ticks {
  public:
    explicit Ticks(int flags) {
        signals = 0;
        struct sigaction action {};
        action.sa_handler = handle;
        action.sa_flags = flags | SA_RESTART;
        ::sigaction(SIGALRM, &action, &before_);
        const itimerval every{{0, 50}, {0, 50}};
        ::setitimer(ITIMER_REAL, &every, nullptr);
    }
    ~Ticks() {
        const itimerval never{};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &before_, nullptr);
    }
    Ticks(const Ticks&) = delete;
    Ticks& operator=(const Ticks&) = delete;

  private:
    struct sigaction before_ {};
};

[[gnu::noinline]] std::size_t count_down(std::size_t n) {
    if (n < 2) return n;
    const std::size_t sum = count_down(n - 1) + count_down(n - 2);
    keep(&sum);
    return sum;
}

[[gnu::noinline]] double in_the_libraries(double x) {
    char from[200];
    char to[200];
    std::memset(from, 'x', sizeof(from));
    keep(from);
    std::memcpy(to, from, sizeof(to));
    keep(to);
    from[199] = to[199] = 0;
    struct timespec now {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    keep(&now);
    return std::sin(x) + std::strtod("1.25", nullptr) + static_cast<double>(std::strcmp(from, to));
}

int compare(const void* a, const void* b) {
    return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

[[gnu::noinline]] void sort_some() {
    std::array<int, 16> numbers{9, 4, 7, 1, 8, 2, 6, 3, 5, 0, 15, 12, 14, 10, 13, 11};
    std::qsort(numbers.data(), numbers.size(), sizeof(int), compare);
    keep(numbers.data());
}

void work_until(int enough) {
    for (int i = 0; signals < enough && i < 1'000'000; ++i) {
        const std::size_t sum = count_down(12);
        keep(&sum);
        const double x = in_the_libraries(static_cast<double>(i));
        keep(&x);
        sort_some();
    }
}

void anywhere(Random& random) {
    const Ticks ticks(0);
    work_until(static_cast<int>(5 + random.below(10)));
}

void anywhere_to_another_stack(Random& random) {
    constexpr std::size_t kStackSize = 128 * 1024;
    stack_t stack{};
    stack_t before{};
    stack.ss_sp = std::malloc(kStackSize);
    stack.ss_size = kStackSize;
    ::sigaltstack(&stack, &before);
    {
        const Ticks ticks(SA_ONSTACK);
        work_until(static_cast<int>(5 + random.below(10)));
    }
    ::sigaltstack(&before, nullptr);
    std::free(stack.ss_sp);
}

const Scenario scenarios[]{
    {"anywhere", 2, anywhere},
    {"anywhere_to_another_stack", 2, anywhere_to_another_stack},
};

}  // namespace
}  // namespace torture::interrupted
