// SPDX-License-Identifier: Apache-2.0
//
// Without a sampler in the process nothing of the listener or the in-test API does anything.
#include <gtest/gtest.h>

#include "leakcheck/gtest.hpp"

namespace {

TEST(Inactive, SaysSo) {
    EXPECT_FALSE(leakcheck::active());
}

TEST(Inactive, TheApiDoesNothing) {
    int block = 0;
    leakcheck::set_budget(1, 1, "unused");
    const leakcheck::Untracked no_tracking;
    const leakcheck::KnownLeaks scope("unused");
    EXPECT_EQ(leakcheck::known_leak(&block, "unused"), &block);
}

TEST(Inactive, TheListenerDoesNothing) {
    leakcheck::Listener listener;
    testing::UnitTest& program = *testing::UnitTest::GetInstance();
    listener.OnEnvironmentsSetUpStart(program);
    listener.OnTestSuiteStart(*program.current_test_suite());
    listener.OnTestStart(*program.current_test_info());
    listener.OnTestEnd(*program.current_test_info());
}

}  // namespace
