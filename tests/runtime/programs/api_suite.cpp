// SPDX-License-Identifier: Apache-2.0
//
// Tests that use the in-test API. Each leaks 64 bytes in one block, in a way the API was told of.
#include <gtest/gtest.h>

#include <cstdlib>
#include <leakcheck/leakcheck.hpp>

namespace {

void* leak() {
    void* volatile block = std::malloc(64);
    return block;
}

TEST(Api, WithinItsBudget) {
    leakcheck::set_budget(64, 1, "a cache of one");
    leak();
}

TEST(Api, OverItsBudget) {
    leakcheck::set_budget(63, 1, "one byte short");
    leak();
}

TEST(Api, Untracked) {
    const leakcheck::Untracked scope;
    leak();
}

TEST(Api, KnownBlock) {
    leakcheck::known_leak(leak(), "kept on purpose");
}

TEST(Api, KnownScope) {
    const leakcheck::KnownLeaks scope("kept on purpose");
    leak();
}

}  // namespace
