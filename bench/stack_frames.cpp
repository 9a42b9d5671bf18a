// SPDX-License-Identifier: Apache-2.0
//
// What a frame of a stack costs when its allocation is traced. To be run under leakcheck at rate 1; prints
// nanoseconds per malloc/free pair below stacks of several depths, and the slope between two of them, which
// is the cost of a frame: the probe itself and what comes with it cancel out. The calls themselves are measured
// without a pair, and taken off.
//   hot    the same call path again and again
//   cold   2,000 call paths in turn through 1,024 functions with frames of different sizes
// The least of many short rounds counts: what else runs on the machine only ever adds.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <utility>
#include <vector>

namespace {

constexpr int kFunctions = 1024;
constexpr int kPaths = 2000;
constexpr int kDeepest = 110;
constexpr int kRounds = 300;
constexpr std::array<int, 4> kDepths{0, 10, 60, kDeepest};

using Step = void (*)(const int* path, int left);
volatile unsigned char sink;
volatile bool allocates = true;

void allocate() {
    if (!allocates) return;
    void* block = std::malloc(24);
    __asm__ volatile("" ::"r"(block) : "memory");
    std::free(block);
}

template <int N>
[[gnu::noinline]] void step(const int* path, int left);

template <int... N>
constexpr std::array<Step, sizeof...(N)> make_steps(std::integer_sequence<int, N...>) {
    return {step<N>...};
}

const std::array<Step, kFunctions> steps =
    make_steps(std::make_integer_sequence<int, kFunctions>());

template <int N>
void step(const int* path, int left) {
    volatile unsigned char local[8 + 8 * (N % 24)];
    local[0] = static_cast<unsigned char>(left);
    if (left == 0)
        allocate();
    else
        steps[static_cast<std::size_t>(*path)](path + 1, left - 1);
    sink = local[0];  // no tail call
}

double now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

using Path = std::array<int, kDeepest>;

std::vector<Path> make_paths(int count) {
    std::mt19937 random(1);
    std::uniform_int_distribution<int> function(0, kFunctions - 1);
    std::vector<Path> paths(static_cast<std::size_t>(count));
    for (Path& path : paths)
        for (int& next : path) next = function(random);
    return paths;
}

double calls_ns(const std::vector<Path>& paths, int depth, int calls) {
    static std::size_t turn = 0;
    const double start = now_ns();
    for (int i = 0; i < calls; ++i) steps[0](paths[turn++ % paths.size()].data(), depth);
    return (now_ns() - start) / calls;
}

using Costs = std::array<double, kDepths.size()>;

Costs least_ns(const std::vector<Path>& paths) {
    Costs least;
    least.fill(1e12);
    for (int round = 0; round < kRounds; ++round)
        for (std::size_t i = 0; i < kDepths.size(); ++i)
            least[i] = std::min(least[i], calls_ns(paths, kDepths[i], 30));
    return least;
}

void measure(const char* name, int path_count) {
    const std::vector<Path> paths = make_paths(path_count);
    for (const int depth : kDepths) calls_ns(paths, depth, path_count);  // each stack is kept once
    Costs pair = least_ns(paths);
    allocates = false;
    const Costs calls = least_ns(paths);
    allocates = true;
    std::printf("%-5s", name);
    for (std::size_t i = 0; i < kDepths.size(); ++i) {
        pair[i] -= calls[i];
        std::printf("  depth %d: %.0f ns", kDepths[i], pair[i]);
    }
    std::printf("  a frame: %.1f ns\n", (pair.back() - pair[1]) / (kDepths.back() - kDepths[1]));
}

}  // namespace

int main() {
    measure("hot", 1);
    measure("cold", kPaths);
}
