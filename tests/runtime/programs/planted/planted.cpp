// SPDX-License-Identifier: Apache-2.0
//
// planted [--truth=FILE] [GoogleTest's options]: 500 tests, 100 of which leak one block each, at places where leaks
// hide. The tests are in code.cpp.in and containers.cpp.in, each of which is built several times with other sizes.
//
// --truth=FILE writes what was leaked in this run, a line a block, in the order of the leaks:
//   TEST <tab> BYTES <tab> FILE <tab> LINE
// The environment variable PLANTED_ALLOCATIONS says how many allocations all tests do beside those of the ways
// to leak (default 750,000).
#include "planted.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "work.hpp"

namespace planted {
namespace {

constexpr std::size_t tests = 500;
constexpr std::size_t default_allocations = 750'000;

struct Leak {
    std::array<char, 128> test{};
    std::size_t bytes = 0;
    Place place;
};
std::array<Leak, tests> leaks;
std::atomic<std::size_t> leak_count{0};

[[noreturn]] void fail(const char* what, const char* value) {
    std::fprintf(stderr, "planted: %s: %s\n", what, value);
    std::exit(2);
}

std::size_t allocations_of_a_test() {
    const char* text = std::getenv("PLANTED_ALLOCATIONS");
    if (text == nullptr) return default_allocations / tests;
    std::size_t all = 0;
    const char* end = text + std::strlen(text);
    if (std::from_chars(text, end, all).ptr != end || all == 0)
        fail("PLANTED_ALLOCATIONS is not a positive number", text);
    return all / tests;
}

void write_truth(const char* file) {
    std::FILE* out = std::fopen(file, "w");
    if (out == nullptr) fail("cannot write the file given with --truth", file);
    for (std::size_t i = 0; i < leak_count; ++i)
        std::fprintf(out, "%s\t%zu\t%s\t%d\n", leaks[i].test.data(), leaks[i].bytes,
                     leaks[i].place.file, leaks[i].place.line);
    if (std::fclose(out) != 0) fail("cannot write the file given with --truth", file);
}

}  // namespace

void record(std::size_t bytes) {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    Leak& leak = leaks.at(leak_count++);
    std::snprintf(leak.test.data(), leak.test.size(), "%s.%s", test->test_suite_name(),
                  test->name());
    leak.bytes = bytes;
    leak.place = place;
}

void* buffer(std::size_t bytes) {
    void* block = std::malloc(bytes);
    escape(block);  // after the call, so that it is not the last thing done here
    return block;
}

void FreeBuffer::operator()(void* block) const {
    std::free(block);
}

void plant(Kind kind, int before) {
    for (int i = 0; i < before; ++i) kind(Fate::freed);
    kind(Fate::leaked);
    run_clean(kind);
}

void run_clean(Kind kind) {
    kind(Fate::freed);
    work();
}

void work() {
    static const std::size_t share = allocations_of_a_test();
    allocate_and_free(share);
}

}  // namespace planted

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    constexpr std::string_view option = "--truth=";
    const char* truth = nullptr;
    for (int i = 1; i < argc; ++i) {
        if (!std::string_view(argv[i]).starts_with(option))
            planted::fail("unknown option", argv[i]);
        truth = argv[i] + option.size();
    }
    const int status = RUN_ALL_TESTS();
    if (truth != nullptr) planted::write_truth(truth);
    return status;
}
