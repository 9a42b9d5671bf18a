// SPDX-License-Identifier: Apache-2.0
#include <leakcheck/gtest.hpp>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    leakcheck::append_listener();
    return RUN_ALL_TESTS();
}
