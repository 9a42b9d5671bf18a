// SPDX-License-Identifier: Apache-2.0
//
// Tests that talk to leakcheck. Linked with leakcheck::gtest_main; without leakcheck they behave as
// if it were GTest::gtest_main.
//
// | test                      | leaks                   | counts against the run's budget |
// |---------------------------|-------------------------|---------------------------------|
// | Session.ForgetsItsBuffer  | 128 bytes in 1 block    | yes                             |
// | Session.KeepsOnePage      | 4096 bytes in 1 block   | no: within the budget it sets   |
// | Session.SharesItsSettings | 48 bytes in 1 block     | no: a known leak, with a reason |
// | Session.StartsItsDriver   | 96 bytes in 3 blocks    | no: a scope of known leaks      |
// | Session.FillsItsTables    | (1024 bytes in 1 block) | not seen: an untracked scope    |
// | Session.ClosesCleanly     | nothing                 |                                 |
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

#include "leakcheck/leakcheck.hpp"

namespace {

struct Settings {
    char host[48];
};

// Out of line and opaque to the optimiser, as a function of another library would be.
[[gnu::noinline]] char* get_buffer(std::size_t bytes) {
    char* buffer = static_cast<char*>(std::malloc(bytes));
    std::memset(buffer, 0, bytes);
    asm volatile("" : : "r"(buffer) : "memory");
    return buffer;
}

const Settings& shared_settings() {
    static const Settings* settings =
        leakcheck::known_leak(new Settings{"localhost"}, "lives as long as the process");
    return *settings;
}

TEST(Session, ForgetsItsBuffer) {
    EXPECT_EQ(get_buffer(128)[0], '\0');
}

TEST(Session, KeepsOnePage) {
    leakcheck::set_budget(4096, 1, "the session host keeps one page for reuse");
    EXPECT_EQ(get_buffer(4096)[0], '\0');
}

TEST(Session, SharesItsSettings) {
    EXPECT_STREQ(shared_settings().host, "localhost");
}

TEST(Session, StartsItsDriver) {
    const leakcheck::KnownLeaks known("the driver never unloads its three queues");
    for (int queue = 0; queue < 3; ++queue) EXPECT_EQ(get_buffer(32)[0], '\0');
}

TEST(Session, FillsItsTables) {
    const leakcheck::Untracked warm_up;
    EXPECT_EQ(get_buffer(1024)[0], '\0');
}

TEST(Session, ClosesCleanly) {
    std::free(get_buffer(64));
}

}  // namespace
