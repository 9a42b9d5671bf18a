// SPDX-License-Identifier: Apache-2.0
//
// exchange [PAIRS] [THREADS]: nanoseconds of CPU time of a malloc/free pair where threads hold a thousand blocks
// each, replace them at random, and give them to one another, so that most are freed by another thread than made
// them; PAIRS in each thread.
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "bench/bench_program.hpp"

namespace {

struct Free {
    void operator()(void* block) const { std::free(block); }
};
using Window = std::array<std::unique_ptr<void, Free>, 1000>;

constexpr std::size_t kPairsInAHand = 5000;  // before a window goes to another thread
std::atomic<Window*> spare;

void replace_blocks(std::size_t pairs, unsigned seed) {
    std::minstd_rand random(seed);
    auto* window = new Window;
    for (std::size_t i = 1; i <= pairs; ++i) {
        (*window)[random() % window->size()].reset(std::malloc(16 + random() % 1000));
        if (i % kPairsInAHand == 0) window = spare.exchange(window);
    }
    delete window;
}

}  // namespace

int main(int argc, char** argv) {
    bench::wait_for_tracer();
    const bench::Arguments arguments(argc, argv, "exchange [PAIRS] [THREADS]");
    const std::size_t pairs = arguments.at(1, 5'000'000);
    const auto threads = static_cast<unsigned>(arguments.at(2, 2));
    bench::print_median_ns(pairs * threads, [&] {
        spare = new Window;
        std::vector<std::thread> others;
        for (unsigned i = 1; i < threads; ++i) others.emplace_back(replace_blocks, pairs, i + 1);
        replace_blocks(pairs, 1);
        for (std::thread& other : others) other.join();
        delete spare.load();
    });
}
