// SPDX-License-Identifier: Apache-2.0
//
// Frames whose size or place is unusual: of varying size, aligned more than the ABI asks for, and huge.
#include <alloca.h>
#include <immintrin.h>

#include <cstring>
#include <string>

#include "torture.hpp"

namespace torture::frames {
namespace {

[[gnu::noinline]] void with_alloca(std::size_t size, int depth) {
    void* memory = alloca(size);
    keep(memory);
    allocate(size);
    if (depth > 0) with_alloca(size + 40, depth - 1);
    keep(memory);
}

void varying(Random& random) {
    with_alloca(1 + random.below(5000), static_cast<int>(random.below(5)));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wvla-extension"
#endif
[[gnu::noinline]] void with_array(std::size_t count) {
    int numbers[count];
    std::memset(numbers, 0, sizeof(numbers));
    keep(numbers);
    const std::string text(count, 'v');
    keep(&text);
}
#pragma GCC diagnostic pop

void variable_arrays(Random& random) {
    with_array(1 + random.below(700));
}

[[gnu::noinline]] void aligned(int depth, std::size_t size) {
    alignas(64) char block[96];
    keep(block);
    allocate(size);
    if (depth > 0) aligned(depth - 1, size);
    keep(block);
}

void realigned(Random& random) {
    aligned(static_cast<int>(random.below(10)), 1 + random.below(100));
}

// Aligned and of varying size, with arguments on the stack: a register of its own leads to the caller.
[[gnu::noinline]] std::size_t aligned_and_varying(int a, int b, int c, int d, int e, int f, int g,
                                                  std::size_t size) {
    alignas(128) char block[128];
    void* memory = alloca(size);
    keep(block);
    keep(memory);
    const std::string text(size, 'w');
    keep(&text);
    return text.size() + static_cast<std::size_t>(a + b + c + d + e + f + g);
}

void realigned_and_varying(Random& random) {
    const std::size_t size = aligned_and_varying(
        1, 2, 3, 4, 5, 6, static_cast<int>(random.below(9)), 20 + random.below(3000));
    keep(&size);
}

// Spills vectors of 32 bytes around the calls.
[[gnu::noinline, gnu::target("avx")]] double sum_of_vectors(const double* numbers, std::size_t n) {
    __m256d sum = _mm256_setzero_pd();
    for (std::size_t i = 0; i + 4 <= n; i += 4) {
        sum = _mm256_add_pd(sum, _mm256_loadu_pd(numbers + i));
        keep(&sum);
        allocate(32 + i);
    }
    double parts[4];
    _mm256_storeu_pd(parts, sum);
    return parts[0] + parts[1] + parts[2] + parts[3];
}

void vectors(Random& random) {
    if (!__builtin_cpu_supports("avx")) return;
    double numbers[16];
    for (double& number : numbers) number = static_cast<double>(random.below(100));
    const double sum = sum_of_vectors(numbers, 16);
    keep(&sum);
}

// More than 128 KiB of locals, most of which are never touched.
[[gnu::noinline]] void huge(std::size_t n) {
    char block[200'000];
    block[n] = 1;
    keep(block);
    const std::string text(n + 20, 'h');
    keep(&text);
    keep(block);
}

[[gnu::noinline]] void huge_below(int depth, std::size_t n) {
    if (depth == 0) return huge(n);
    const std::string text(n + 30, 'd');
    huge_below(depth - 1, n);
    keep(&text);
}

void huge_frames(Random& random) {
    huge_below(static_cast<int>(random.below(4)), random.below(1000));
}

// Returns early on one path: registers are saved only on the other (shrink-wrapped).
[[gnu::noinline]] std::size_t early_return(std::size_t n, Random& random) {
    if (n == 0) return 0;
    std::string text(n, 's');
    for (std::size_t i = 0; i < n % 4; ++i) text += std::to_string(random.below(1'000'000));
    return text.size() + early_return(n / 2, random);
}

void shrink_wrapped(Random& random) {
    const std::size_t size = early_return(random.below(200), random);
    keep(&size);
}

// Another calling convention: other registers are saved, the frame has room for arguments in registers.
[[gnu::noinline, gnu::ms_abi]] void as_windows_calls(std::size_t size) {
    allocate(size);
    const std::string text(size + 40, 'm');
    keep(&text);
}

void other_convention(Random& random) {
    as_windows_calls(1 + random.below(50));
}

const Scenario scenarios[]{
    {"varying", 8, varying},
    {"variable_arrays", 5, variable_arrays},
    {"realigned", 8, realigned},
    {"realigned_and_varying", 8, realigned_and_varying},
    {"vectors", 5, vectors},
    {"huge_frames", 2, huge_frames},
    {"shrink_wrapped", 5, shrink_wrapped},
    {"other_convention", 5, other_convention},
};

}  // namespace
}  // namespace torture::frames
