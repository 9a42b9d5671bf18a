// SPDX-License-Identifier: Apache-2.0
//
// growth_program PAIRS [LIVE] [THREADS]: nanoseconds of CPU time of a malloc/free pair, PAIRS of them in all, while
// LIVE other blocks are live, in THREADS threads at once. Each pair replaces a live block chosen at random, and start-up is
// not counted. Measures once: that is the number of pairs that is meant.
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
using Blocks = std::vector<std::unique_ptr<void, Free>>;

Blocks make_blocks(std::size_t count) {
    Blocks blocks(count);
    for (auto& block : blocks) block.reset(std::malloc(64));
    return blocks;
}

void replace_blocks(Blocks& blocks, std::size_t pairs) {
    std::minstd_rand random(1);
    for (std::size_t i = 0; i < pairs; ++i) {
        auto& block = blocks[random() % blocks.size()];
        block.reset();
        block.reset(std::malloc(64));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const bench::Arguments arguments(argc, argv, "growth_program PAIRS [LIVE] [THREADS]");
    const std::size_t pairs = arguments.at(1, 1'000'000);
    const std::size_t live = arguments.at(2, 1);
    const std::size_t threads = arguments.at(3, 1);
    std::vector<Blocks> shares(threads);
    for (Blocks& share : shares) share = make_blocks((live + threads - 1) / threads);
    for (Blocks& share : shares) replace_blocks(share, 1000);
    const double ns = bench::ns_per_pair(pairs, [&] {
        std::vector<std::thread> others;
        for (std::size_t i = 1; i < threads; ++i)
            others.emplace_back(replace_blocks, std::ref(shares[i]), pairs / threads);
        replace_blocks(shares[0], pairs / threads);
        for (std::thread& other : others) other.join();
    });
    std::printf("%.2f\n", ns);
}
