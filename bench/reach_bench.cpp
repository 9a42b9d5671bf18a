// SPDX-License-Identifier: Apache-2.0
//
// reach_bench [BLOCKS [MEBIBYTES [THREADS [PATHS]]]]: how long a process stands still, and how much memory it takes to tell which of
// its blocks can be reached: BLOCKS of them, MEBIBYTES large together, read by THREADS threads. What keeps them is
// remembered as well if they are at most PATHS, by default the 2^20 of a run.
// The process is a child. Blocks have random sizes; each holds two pointers to random others (what the caches like
// least) and one to a neighbour, its other words are small numbers, text and zeros in turn. One block in 1000 is
// held by a root, so that about all but those are found through others.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "bench/bench_program.hpp"
#include "runner/reach/reachability.hpp"

namespace {

using leakcheck::LeakKind;
using leakcheck::reach::LiveBlock;
using leakcheck::reach::LiveBlocks;

constexpr std::size_t words_least = 4;

template <typename Item>
Item* map_shared(std::size_t count) {
    void* const memory = ::mmap(nullptr, count * sizeof(Item), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    return static_cast<Item*>(memory);
}

void fill(const LiveBlock& block, const LiveBlock* blocks, std::size_t count, std::size_t number,
          std::mt19937_64& random) {
    auto* const words = reinterpret_cast<std::uint64_t*>(block.address);
    words[0] = blocks[random() % count].address;
    words[1] = blocks[random() % count].address;
    words[2] = blocks[(number + 1) % count].address;
    for (std::size_t i = 3; i < block.size / sizeof(std::uint64_t); ++i)
        words[i] = i % 3 == 0 ? i : i % 3 == 1 ? 0x2074782065747865 : 0;
}

// The life of the child: its blocks are told in shared memory.
[[noreturn]] void live(LiveBlock* blocks, std::size_t count, std::size_t bytes, int ready,
                       int end) {
    std::mt19937_64 random(1);
    const std::size_t most_words = 2 * (bytes / count / 8) - words_least;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t size = 8 * (words_least + random() % (most_words - words_least + 1));
        blocks[i] = {reinterpret_cast<std::uint64_t>(std::malloc(size)), size};
    }
    for (std::size_t i = 0; i < count; ++i) fill(blocks[i], blocks, count, i, random);
    void** const roots =
        static_cast<void**>(::mmap(nullptr, count / 1000 * sizeof(void*) + 1,
                                   PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (std::size_t i = 0; i < count / 1000; ++i)
        roots[i] = reinterpret_cast<void*>(blocks[random() % count].address);
    char byte = 'x';
    if (::write(ready, &byte, 1) != 1 || ::read(end, &byte, 1) != 0) std::_Exit(1);
    std::_Exit(0);
}

double peak_megabytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

void print(const leakcheck::reach::Reachability& result, std::size_t list_bytes, double cpu) {
    std::array<std::size_t, 5> kinds{};
    for (const LeakKind kind : result.marks.kinds) ++kinds[static_cast<std::size_t>(kind)];
    const double gibibytes = static_cast<double>(result.counts.block_bytes) / (1 << 30);
    const double pause = seconds(result.counts.pause);
    std::printf("%zu blocks, %.2f GiB: pause %.2f s (%.2f s per GiB), all %.2f s, CPU %.2f s\n",
                result.blocks.size(), gibibytes, pause, pause / gibibytes,
                seconds(result.counts.duration), cpu);
    std::printf("memory: %.0f MB at most, without the list itself %.0f MB; graph %.0f MB\n",
                peak_megabytes(), peak_megabytes() - static_cast<double>(list_bytes) / (1 << 20),
                static_cast<double>(result.counts.graph_bytes) / (1 << 20));
    std::printf("%s\n", result.marks.reached_from.empty() ? "without paths" : "with paths");
    std::printf("definite %zu, indirect %zu, possible %zu, reachable %zu, unclassified %zu; %s\n",
                kinds[0], kinds[1], kinds[2], kinds[3], kinds[4],
                result.failure ? describe(*result.failure).c_str() : "complete");
}

}  // namespace

int main(int argc, char** argv) {
    const bench::Arguments arguments(argc, argv,
                                     "reach_bench [BLOCKS [MEBIBYTES [THREADS [PATHS]]]]");
    const std::size_t count = arguments.at(1, 10'000'000);
    const std::size_t bytes = arguments.at(2, 4096) << 20;
    const std::size_t threads = arguments.at(3, std::thread::hardware_concurrency());
    LiveBlock* const blocks = map_shared<LiveBlock>(count);
    std::array<int, 2> ready{};
    std::array<int, 2> end{};
    if (::pipe(ready.data()) != 0 || ::pipe(end.data()) != 0) return 1;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(end[1]);
        live(blocks, count, bytes, ready[1], end[0]);
    }
    char byte = 0;
    if (::read(ready[0], &byte, 1) != 1) return 1;
    leakcheck::reach::ReachabilityOptions options;
    options.threads = static_cast<unsigned>(threads);
    options.most_with_places = arguments.at(4, std::size_t{1} << 20);
    options.time_limit = std::chrono::minutes(10);
    const auto list = reinterpret_cast<std::uint64_t>(blocks);
    options.ignored_ranges = {{list, list + count * sizeof(LiveBlock)}};
    const bench::CpuTimer timer;
    const auto result = leakcheck::reach::classify(
        child, [&] { return LiveBlocks(blocks, blocks + count); }, options);
    print(result, count * sizeof(LiveBlock), timer.seconds());
    ::close(end[1]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0 ? 0 : 1;
}
