// SPDX-License-Identifier: Apache-2.0
#include "analysis/shared_text.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace leakcheck {
namespace {

TEST(SharedText, ReadsLikeAString) {
    const SharedText text = "queue.cpp";
    const std::string& whole = text;
    const std::string_view view = text;
    EXPECT_EQ(whole, "queue.cpp");
    EXPECT_EQ(view, "queue.cpp");
    EXPECT_FALSE(text.empty());
    std::ostringstream out;
    out << text;
    EXPECT_EQ(out.str(), "queue.cpp");
}

TEST(SharedText, IsEmptyUnlessSet) {
    EXPECT_TRUE(SharedText().empty());
    EXPECT_TRUE(SharedText("").empty());
    EXPECT_TRUE(SharedText(std::string()).empty());
    EXPECT_EQ(SharedText().str(), "");
    EXPECT_EQ(SharedText(), SharedText(""));
}

TEST(SharedText, CopiesShareTheirCharacters) {
    const SharedText text = std::string(1000, 'x');
    SharedText copy = text;
    EXPECT_EQ(copy.str().data(), text.str().data());
    copy = "other";
    EXPECT_EQ(text, SharedText(std::string(1000, 'x')));
}

TEST(SharedText, IsComparedByItsCharacters) {
    EXPECT_EQ(SharedText("a"), SharedText("a"));
    EXPECT_NE(SharedText("a"), SharedText("b"));
    EXPECT_LT(SharedText(), SharedText("a"));
    EXPECT_LT(SharedText("a"), SharedText("ab"));
    EXPECT_EQ(SharedText(std::string("a\0b", 3)).str().size(), 3u);
}

}  // namespace
}  // namespace leakcheck
