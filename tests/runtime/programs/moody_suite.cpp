// SPDX-License-Identifier: Apache-2.0
//
// Tests whose leaks do not do the same each time. Each leak has a size of its own. MOODY_DIR names a directory
// in which the program remembers from process to process; a file "first" appears there in the first.
//
//   Moody.Steady          1001 bytes in every run
//   Moody.OnlyInTheFirst  1002 bytes in the first process alone
//   Moody.OnlyLater       1003 bytes in all but the first
//   Moody.LazyInit        1004 bytes the first time it runs in a process
//   Moody.Grows           1005 bytes each time it runs, and 1006 the first time
//   Moody.Many            1,000 blocks of 24 bytes
//   Moody.CrashesLater    1007 bytes; in all but the first process it aborts
//   Moody.FailsLater      1008 bytes; in all but the first process it fails
//   Moody.HangsLater      1009 bytes; in all but the first process it waits for a signal
//   Named/Params.Leaks/X  1010 bytes, for X of alpha and beta_2
//   Moody.Clean           none
// The program prints "output of the suite", and the value of MOODY_ECHO where that is set.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

void leak(std::size_t bytes) {
    void* volatile block = std::malloc(bytes);
    block = nullptr;
}

bool is_first_process() {
    static const bool first = [] {
        const char* directory = std::getenv("MOODY_DIR");
        if (directory == nullptr) return true;
        const std::string path = std::string(directory) + "/first";
        if (std::filesystem::exists(path)) return false;
        std::ofstream(path) << "was here\n";
        return true;
    }();
    return first;
}

TEST(Moody, Steady) {
    leak(1001);
}

TEST(Moody, OnlyInTheFirst) {
    if (is_first_process()) leak(1002);
}

TEST(Moody, OnlyLater) {
    if (!is_first_process()) leak(1003);
}

TEST(Moody, LazyInit) {
    static void* const cache = std::malloc(1004);
    EXPECT_NE(cache, nullptr);
}

TEST(Moody, Grows) {
    static bool began = false;
    if (!began) leak(1006);
    began = true;
    leak(1005);
}

TEST(Moody, Many) {
    for (int i = 0; i < 1000; ++i) leak(24);
}

TEST(Moody, CrashesLater) {
    leak(1007);
    if (!is_first_process()) std::abort();
}

TEST(Moody, FailsLater) {
    leak(1008);
    EXPECT_TRUE(is_first_process());
}

TEST(Moody, HangsLater) {
    leak(1009);
    if (!is_first_process()) ::pause();
}

TEST(Moody, Clean) {
    std::string text(5000, 'x');
}

class Params : public testing::TestWithParam<std::string> {};
TEST_P(Params, Leaks) {
    leak(1010);
}
INSTANTIATE_TEST_SUITE_P(Named, Params, testing::Values("alpha", "beta_2"),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    std::puts("output of the suite");
    if (const char* echo = std::getenv("MOODY_ECHO")) std::puts(echo);
    return RUN_ALL_TESTS();
}
