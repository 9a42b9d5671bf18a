// SPDX-License-Identifier: Apache-2.0
//
// main() of leakcheck::gtest_main: what GoogleTest's own does, and the listener.
#include "leakcheck/gtest.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    leakcheck::append_listener();
    return RUN_ALL_TESTS();
}
