// SPDX-License-Identifier: Apache-2.0
//
// What a malloc/free pair costs here: `malloc_pairs [PAIRS] [SIZE] [THREADS]` prints the median
// over several rounds of nanoseconds of wall time per pair in each thread. To be run natively and
// under the tools to compare; it has no dependencies, so that nothing but the pairs is measured.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr int rounds = 7;

void make_pairs(unsigned long pairs, std::size_t size) {
    for (unsigned long i = 0; i < pairs; ++i) {
        void* block = std::malloc(size);
        __asm__ volatile("" : "+r"(block) : : "memory");  // the pair must not be optimised away
        std::free(block);
    }
}

double nanoseconds_per_pair(unsigned long pairs, std::size_t size, unsigned long thread_count) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> others;
    for (unsigned long i = 1; i < thread_count; ++i) others.emplace_back(make_pairs, pairs, size);
    make_pairs(pairs, size);
    for (std::thread& other : others) other.join();
    const std::chrono::duration<double, std::nano> elapsed =
        std::chrono::steady_clock::now() - start;
    return elapsed.count() / static_cast<double>(pairs);
}

unsigned long argument(int argc, char** argv, int index, unsigned long otherwise) {
    if (argc <= index) return otherwise;
    char* end = nullptr;
    const unsigned long value = std::strtoul(argv[index], &end, 10);
    if (*end == '\0' && value > 0) return value;
    std::fprintf(
        stderr,
        "malloc_pairs: %s is not a positive number\nusage: malloc_pairs [PAIRS] [SIZE] [THREADS]\n",
        argv[index]);
    std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
    if (std::getenv("MALLOC_PAIRS_STOP") != nullptr)
        std::raise(SIGSTOP);  // until a tracer has attached
    const unsigned long pairs = argument(argc, argv, 1, 10'000'000);
    const std::size_t size = argument(argc, argv, 2, 64);
    const unsigned long threads = argument(argc, argv, 3, 1);
    std::vector<double> results(rounds);
    for (double& result : results) result = nanoseconds_per_pair(pairs, size, threads);
    std::nth_element(results.begin(), results.begin() + rounds / 2, results.end());
    std::printf("%.2f\n", results[rounds / 2]);
    return 0;
}
