// SPDX-License-Identifier: Apache-2.0
//
// The parts of the sampler that every allocation and free of a test program goes through.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "sampler/live_table.hpp"
#include "sampler/sampling.hpp"

namespace {

using leakcheck::sampler::LiveTable;

const void* address_of(std::uint64_t block) {
    return reinterpret_cast<const void*>(0x7f0000000000u + block * 48);
}

// What a free of a block that is not traced pays, with LIVE traced blocks in the table.
void filter_miss(benchmark::State& state) {
    const auto table = std::make_unique<LiveTable>();
    const auto live = static_cast<std::uint64_t>(state.range(0));
    for (std::uint64_t block = 0; block < live; ++block)
        table->insert(address_of(block), block + 1, live);
    std::uint64_t other = live;
    for (auto _ : state) benchmark::DoNotOptimize(table->may_hold(address_of(other++ & 0xfffff)));
}
BENCHMARK(filter_miss)->Arg(0)->Arg(100)->Arg(10'000);

// A traced block made and freed, with LIVE others in the table.
void insert_and_erase(benchmark::State& state) {
    const auto table = std::make_unique<LiveTable>();
    const auto live = static_cast<std::uint64_t>(state.range(0));
    for (std::uint64_t block = 0; block < live; ++block)
        table->insert(address_of(block), block + 1, live + 1);
    std::uint64_t serial = live;
    for (auto _ : state) {
        const void* address = address_of(live + (serial++ & 0xffff));
        table->insert(address, serial, live + 1);
        benchmark::DoNotOptimize(table->erase(address));
    }
}
BENCHMARK(insert_and_erase)->Arg(0)->Arg(10'000)->Arg(1'000'000);

void draw_a_gap(benchmark::State& state) {
    std::uint64_t random = leakcheck::sampler::random_state(1, 0, 1);
    for (auto _ : state) benchmark::DoNotOptimize(leakcheck::sampler::next_gap(random, 1000));
}
BENCHMARK(draw_a_gap);

}  // namespace

BENCHMARK_MAIN();
