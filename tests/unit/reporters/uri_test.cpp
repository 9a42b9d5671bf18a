// SPDX-License-Identifier: Apache-2.0
#include "reporters/uri.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

TEST(Uri, EncodesWhatAPathSegmentCannotHold) {
    EXPECT_EQ(file_uri("src/a b+c#?.cpp"), "src/a%20b%2Bc%23%3F.cpp");
    EXPECT_EQ(file_uri("100%/[x]:y"), "100%25/%5Bx%5D%3Ay");
    EXPECT_EQ(file_uri("caf\xC3\xA9.cpp"), "caf%C3%A9.cpp");
    EXPECT_EQ(file_uri("bad\xFF"), "bad%EF%BF%BD");
    EXPECT_EQ(file_uri("a-b_c.d~e"), "a-b_c.d~e");
}

TEST(Uri, TellsAbsoluteFromRelative) {
    EXPECT_EQ(file_uri("/usr/include/c++/12/vector"), "file:///usr/include/c%2B%2B/12/vector");
    EXPECT_EQ(file_uri("//host/x"), "file:///host/x") << "never the name of another machine";
    EXPECT_EQ(file_uri("/"), "file:///");
    EXPECT_EQ(file_uri(""), "");
}

}  // namespace
}  // namespace leakcheck
