// SPDX-License-Identifier: Apache-2.0
#include "sampler/decision.hpp"

#include <time.h>

#include "sampler/frequency.hpp"
#include "sampler/hello.hpp"
#include "sampler/system_call.hpp"
#include "sampler/test_threads.hpp"

namespace leakcheck::sampler {

constinit ContextTable contexts;

namespace {

constinit TestThreads test_threads;
constinit AllocationFrequency frequency;

// Calls `compute(input)` with the rounding mode and the masks that it wants: the program may have
// changed them, and may look at the flags. What passes through the empty statements is unknown to
// the compiler, so that it moves no operation past the ends.
template <typename Compute>
std::uint64_t in_default_floating_point(std::uint64_t input, Compute compute) {
    const unsigned saved = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(0x1f80);
    __asm__ volatile("" : "+r"(input) : : "memory");
    std::uint64_t result = compute(input);
    __asm__ volatile("" : "+r"(result) : : "memory");
    __builtin_ia32_ldmxcsr(saved);
    return result;
}

std::uint64_t draw_gap_of_rate(ThreadState& thread, std::uint64_t rate) {
    if (rate <= 1) return 1;
    return in_default_floating_point(
        rate, [&thread](std::uint64_t n) { return next_gap(thread.random, n); });
}

std::uint64_t draw_gap(ThreadState& thread, std::size_t stratum) {
    switch (leakcheck_config_record.mode) {
        case LEAKCHECK_MODE_BYTES:
            return in_default_floating_point(
                leakcheck_config_record.mean_bytes,
                [&thread](std::uint64_t mean) { return next_gap_in_bytes(thread.random, mean); });
        case LEAKCHECK_MODE_STRATA:
            return draw_gap_of_rate(thread, leakcheck_config_record.strata[stratum].rate);
        case LEAKCHECK_MODE_AUTO_RATE:
            thread.rate = frequency.rate();
            return draw_gap_of_rate(thread, thread.rate);
        default:
            return draw_gap_of_rate(thread, leakcheck_config_record.sample_rate);
    }
}

std::uint64_t weight_at_end_of_gap(const ThreadState& thread, std::size_t stratum,
                                   std::size_t size) {
    switch (leakcheck_config_record.mode) {
        case LEAKCHECK_MODE_BYTES:
            return in_default_floating_point(
                leakcheck_config_record.mean_bytes,
                [size](std::uint64_t mean) { return weight_of_size(size, mean); });
        case LEAKCHECK_MODE_STRATA:
            return weight_of_rate(leakcheck_config_record.strata[stratum].rate);
        case LEAKCHECK_MODE_AUTO_RATE:
            return weight_of_rate(thread.rate);
        default:
            return weight_of_rate(leakcheck_config_record.sample_rate);
    }
}

std::uint64_t coarse_time_ns() {
    timespec now{};
    system_call(SYS_clock_gettime, CLOCK_MONOTONIC_COARSE, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
           static_cast<std::uint64_t>(now.tv_nsec);
}

void draw_all_gaps(ThreadState& thread) {
    const bool has_strata = leakcheck_config_record.mode == LEAKCHECK_MODE_STRATA;
    const std::size_t count = has_strata ? leakcheck_config_record.strata_count : 1;
    for (std::size_t i = 0; i < count; ++i) thread.countdown[i] = draw_gap(thread, i);
}

}  // namespace

// The epoch is set last: a signal handler that comes before begins the test for itself.
[[gnu::noinline, gnu::cold]] void begin_test(ThreadState& thread, const void* frame) {
    if (leakcheck_config_record.enabled == 0) {
        thread.countdown[0] = ~std::uint64_t{0};
        thread.epoch = current_epoch();
        return;
    }
    say_hello_once();
    if (thread.serial == 0) find_main_program();
    begin_serials(thread);
    const RunningTest test = running_test();
    thread.first_frame = reinterpret_cast<std::uintptr_t>(frame);
    thread.random =
        random_state(leakcheck_config_record.seed, test.seed, test_threads.next(test.epoch));
    draw_all_gaps(thread);
    std::atomic_signal_fence(std::memory_order_release);
    thread.epoch = test.epoch + 1;
}

[[gnu::noinline]] std::uint64_t end_gap(ThreadState& thread, std::size_t stratum,
                                        std::size_t size) {
    const std::uint64_t weight = weight_at_end_of_gap(thread, stratum, size);
    if (leakcheck_config_record.mode == LEAKCHECK_MODE_AUTO_RATE)
        frequency.add(thread.rate, coarse_time_ns());
    thread.countdown[stratum] = draw_gap(thread, stratum);
    return thread.untracked == 0 ? weight : not_sampled;
}

[[gnu::noinline]] std::uint64_t decide_by_size(ThreadState& thread, std::size_t size) {
    const bool by_bytes = leakcheck_config_record.mode == LEAKCHECK_MODE_BYTES;
    const std::size_t stratum = by_bytes ? 0
                                         : stratum_of(leakcheck_config_record.strata,
                                                      leakcheck_config_record.strata_count, size);
    const std::uint64_t units = by_bytes ? units_in_bytes(size) : 1;
    if (passes_gap(thread.countdown[stratum], units)) return not_sampled;
    return end_gap(thread, stratum, size);
}

[[gnu::noinline]] std::uint64_t sample_context(ThreadState& thread, std::size_t context,
                                               std::uint64_t limit) {
    if (thread.untracked != 0) return not_sampled;
    const std::uint32_t threshold =
        contexts.count_sample(context, thread.epoch, limit, leakcheck_config_record.first_samples,
                              threshold_of_rate(leakcheck_config_record.sample_rate));
    return weight_of_threshold(threshold);
}

}  // namespace leakcheck::sampler
