// SPDX-License-Identifier: Apache-2.0
//
// malloc_pairs [PAIRS] [SIZE] [THREADS]: nanoseconds of CPU time of a malloc/free pair in a loop; PAIRS in each thread.
#include <thread>
#include <vector>

#include "bench/bench_program.hpp"

namespace {

void make_pairs(std::size_t pairs, std::size_t size) {
    for (std::size_t i = 0; i < pairs; ++i) bench::make_pair_of(size);
}

}  // namespace

int main(int argc, char** argv) {
    bench::wait_for_tracer();
    const bench::Arguments arguments(argc, argv, "malloc_pairs [PAIRS] [SIZE] [THREADS]");
    const std::size_t pairs = arguments.at(1, 10'000'000);
    const std::size_t size = arguments.at(2, 64);
    const std::size_t threads = arguments.at(3, 1);
    bench::print_median_ns(pairs * threads, [&] {
        std::vector<std::thread> others;
        for (std::size_t i = 1; i < threads; ++i) others.emplace_back(make_pairs, pairs, size);
        make_pairs(pairs, size);
        for (std::thread& other : others) other.join();
    });
}
