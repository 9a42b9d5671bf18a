// SPDX-License-Identifier: Apache-2.0
//
// call_sites [PAIRS]: nanoseconds of CPU time of a malloc/free pair where each of 10,000 places in the code allocates in
// its turn: ten in each of 1,000 functions, called in an order that is not that of their addresses.
#include <random>
#include <utility>

#include "bench/bench_program.hpp"

namespace {

constexpr std::size_t kFunctions = 1000;
constexpr std::size_t kSitesOfEach = 10;
using Function = void (*)();

template <std::size_t N, std::size_t... Site>
[[gnu::noinline]] void allocate_at_each(std::index_sequence<Site...>) {
    (bench::make_pair_of(16 + (N + Site) % 240), ...);
    asm volatile("" : : "i"(N));  // tells the functions apart, so that none are merged
}

template <std::size_t... N>
constexpr std::array<Function, sizeof...(N)> make_functions(std::index_sequence<N...>) {
    return {+[] { allocate_at_each<N>(std::make_index_sequence<kSitesOfEach>()); }...};
}

}  // namespace

int main(int argc, char** argv) {
    bench::wait_for_tracer();
    const bench::Arguments arguments(argc, argv, "call_sites [PAIRS]");
    const std::size_t pairs = arguments.at(1, 10'000'000);
    static std::array<Function, kFunctions> functions =
        make_functions(std::make_index_sequence<kFunctions>());
    std::shuffle(functions.begin(), functions.end(), std::minstd_rand(1));
    bench::print_median_ns(pairs, [&] {
        for (std::size_t i = 0; i < pairs / kSitesOfEach; ++i) functions[i % kFunctions]();
    });
}
