// SPDX-License-Identifier: Apache-2.0
//
// Leaks, by test: Queue.Keeps 100 bytes; Skipping.Keeps 10; Sizes/Values.Keeps/0 1 byte, /1 2 bytes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

namespace {

void leak(std::size_t size) {
    static void* volatile kept;
    kept = std::malloc(size);
    kept = nullptr;
}

TEST(Queue, Clean) {}
TEST(Queue, Keeps) {
    leak(100);
}
TEST(Queue, DISABLED_Broken) {
    FAIL();
}

TEST(Skipping, Clean) {
    GTEST_SKIP() << "not here";
}
TEST(Skipping, Keeps) {
    leak(10);
    GTEST_SKIP() << "leaked before";
}

class Values : public testing::TestWithParam<const char*> {};
TEST_P(Values, Keeps) {
    leak(std::strlen(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Sizes, Values, testing::Values(";", "]["));

}  // namespace
