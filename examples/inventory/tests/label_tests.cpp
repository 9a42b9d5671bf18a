// SPDX-License-Identifier: Apache-2.0
#include "inventory/label.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace {

// Leaks 64 bytes in 1 block: the label is never freed.
TEST(Label, ShowsNameAndPrice) {
    const char* label = label_format("bolt", 1205);
    EXPECT_STREQ(label, "bolt: 12.05");
}

TEST(Label, CutsALongName) {
    char* label = label_format(std::string(200, 'x').c_str(), 1);
    EXPECT_EQ(std::strlen(label), LABEL_SIZE - 1u);
    std::free(label);
}

}  // namespace
