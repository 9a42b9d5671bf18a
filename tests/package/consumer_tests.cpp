// SPDX-License-Identifier: Apache-2.0
//
// A test program of somebody else's that uses all of leakcheck's headers.
#include <gtest/gtest.h>
#include <leakcheck/gtest.hpp>
#include <leakcheck/leakcheck.hpp>

#if __has_include("analysis/report.hpp")
#error "leakcheck's own source tree is on the include path"
#endif

TEST(Consumer, UsesTheInTestApi) {
    leakcheck::set_budget(leakcheck::unlimited, leakcheck::unlimited, "nothing leaks");
    const leakcheck::Untracked untracked;
    const leakcheck::KnownLeaks known("nothing leaks");
    EXPECT_FALSE(leakcheck::active());
}

TEST(Consumer, LinksTheListener) {
    const leakcheck::Listener listener;
    static_cast<void>(listener);
}
