// SPDX-License-Identifier: Apache-2.0
//
// call_sites [PAIRS]: nanoseconds of CPU time of a malloc/free pair where 10,000 functions allocate, each
// from a place of its own, in an order that is not that of their addresses.
#include <random>
#include <utility>

#include "bench/bench_program.hpp"

namespace {

constexpr int kSites = 10'000;
using Site = void (*)();

template <int N>
[[gnu::noinline]] void site() {
    bench::make_pair_of(16 + N % 240);
    asm volatile("" : : "i"(N));  // tells the functions apart, so that none are merged
}

template <int... N>
constexpr std::array<Site, sizeof...(N)> make_sites(std::integer_sequence<int, N...>) {
    return {site<N>...};
}

}  // namespace

int main(int argc, char** argv) {
    bench::wait_for_tracer();
    const bench::Arguments arguments(argc, argv, "call_sites [PAIRS]");
    const std::size_t pairs = arguments.at(1, 10'000'000);
    static std::array<Site, kSites> sites = make_sites(std::make_integer_sequence<int, kSites>());
    std::shuffle(sites.begin(), sites.end(), std::minstd_rand(1));
    bench::print_median_ns(pairs, [&] {
        for (std::size_t i = 0; i < pairs; ++i) sites[i % kSites]();
    });
}
