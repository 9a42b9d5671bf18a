// SPDX-License-Identifier: Apache-2.0
//
// What the programs share that are run natively and under tools. They print CPU time: the kernel's part of a
// tracer counts, and what else runs on the machine disturbs little. Most measure nanoseconds of a malloc/free pair.
#pragma once

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace bench {

// The program's numbers: all positive, each of them may be left out. Ends the program where one is wrong.
class Arguments {
  public:
    Arguments(int argc, char** argv, const char* usage) : argc_(argc), argv_(argv), usage_(usage) {}

    std::size_t at(int index, std::size_t otherwise) const {
        if (argc_ <= index) return otherwise;
        char* end = nullptr;
        const std::size_t value = std::strtoul(argv_[index], &end, 10);
        if (*end == '\0' && value > 0) return value;
        std::fprintf(stderr, "%s: %s is not a positive number\nusage: %s\n", argv_[0], argv_[index],
                     usage_);
        std::exit(2);
    }

  private:
    int argc_;
    char** argv_;
    const char* usage_;
};

// Where BENCH_STOP is set: stops until somebody who has attached a tracer lets the program go on.
inline void wait_for_tracer() {
    if (std::getenv("BENCH_STOP") != nullptr) std::raise(SIGSTOP);
}

// Inlined, so that each caller is a call site of its own.
[[gnu::always_inline]] inline void make_pair_of(std::size_t size) {
    void* block = std::malloc(size);
    asm volatile("" : "+r"(block) : : "memory");  // the pair must not be optimised away
    std::free(block);
}

// CPU time since it was made, of all threads, the kernel's part included.
class CpuTimer {
  public:
    double seconds() const { return now() - start_; }

  private:
    static double now() {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
    }
    double start_ = now();
};

// Nanoseconds for each of the `pairs` that `work` makes.
template <class Work>
double ns_per_pair(std::size_t pairs, Work&& work) {
    const CpuTimer timer;
    work();
    return timer.seconds() * 1e9 / static_cast<double>(pairs);
}

// Prints the median over several rounds.
template <class Work>
void print_median_ns(std::size_t pairs, Work&& work) {
    std::array<double, 7> rounds{};
    for (double& round : rounds) round = ns_per_pair(pairs, work);
    std::nth_element(rounds.begin(), rounds.begin() + rounds.size() / 2, rounds.end());
    std::printf("%.2f\n", rounds[rounds.size() / 2]);
}

}  // namespace bench
