// SPDX-License-Identifier: Apache-2.0
//
// Blocks that outlive their tests, and what becomes of them. Each has a size of its own, by which
// test_ends_test.cpp knows it.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

Hidden hidden_for_good;
Hidden hidden_until_freed;
void* volatile revealed;
void* volatile handed_on;
void* volatile freed_at_exit;
void* volatile kept;

TEST(TestEnds, LeaksAtOnce) {
    run_and_forget([] { make<1000>(); });
}

TEST(TestEnds, LeaksTwoInARow) {
    run_and_forget([] { *make<1016>() = make<1032>(); });
}

TEST(TestEnds, LosesWhatShowsAgainLater) {
    run_and_forget([] { hidden_for_good = Hidden(make<1048>()); });
}

TEST(TestEnds, LosesWhatIsFreedLater) {
    run_and_forget([] { hidden_until_freed = Hidden(make<1064>()); });
}

TEST(TestEnds, HandsOn) {
    run_and_forget([] { handed_on = make<1080>(); });
}

TEST(TestEnds, LeavesToExit) {
    run_and_forget([] { freed_at_exit = make<1096>(); });
}

TEST(TestEnds, Keeps) {
    run_and_forget([] { kept = make<1112>(); });
}

TEST(TestEnds, FreesAll) {
    run_and_forget([] { std::free(std::malloc(1128)); });
}

TEST(Afterwards, FreesWhatWasHandedOn) {
    std::free(handed_on);
    handed_on = nullptr;
}

TEST(Afterwards, FreesWhatWasLost) {
    std::free(hidden_until_freed.get());
}

TEST(Afterwards, Reveals) {
    revealed = hidden_for_good.get();
}

TEST(Afterwards, MayCrash) {
    if (std::getenv("CRASH") != nullptr) std::abort();
}

}  // namespace
}  // namespace kinds

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    std::atexit([] { std::free(kinds::freed_at_exit); });
    return RUN_ALL_TESTS();
}
