// SPDX-License-Identifier: Apache-2.0
//
// A program whose XML has everything that GoogleTest can put into it: failures, skipped and
// disabled tests, parameters of values and types, properties of tests, suites and the program. It
// fails on purpose.
#include <gtest/gtest.h>

#include <string>

namespace {

class Queue : public testing::Test {
  public:
    static void SetUpTestSuite() { RecordProperty("suite_property", "of Queue"); }
};

TEST_F(Queue, Push) {
    SUCCEED();
}

TEST_F(Queue, Pop) {
    EXPECT_EQ(1, 2) << "first failure, with ]]> and <tags> & \"quotes\" in it";
    EXPECT_TRUE(false) << "second failure\x01";
}

TEST_F(Queue, Records) {
    RecordProperty("depth", 3);
    RecordProperty("note", "two\nlines");
}

TEST_F(Queue, Skips) {
    GTEST_SKIP() << "not today";
}

TEST_F(Queue, DISABLED_Later) {
    FAIL();
}

class Buffer : public testing::TestWithParam<std::string> {};

TEST_P(Buffer, Grows) {
    EXPECT_FALSE(GetParam().empty());
}

INSTANTIATE_TEST_SUITE_P(Sizes, Buffer, testing::Values("small", "a \"big\" & <bold> one"));

template <typename T>
class Holder : public testing::Test {};
using Held = testing::Types<int, std::string>;
TYPED_TEST_SUITE(Holder, Held);

TYPED_TEST(Holder, Holds) {
    EXPECT_EQ(TypeParam(), TypeParam());
}

class Environment : public testing::Environment {
  public:
    void SetUp() override { testing::Test::RecordProperty("program_property", "of all"); }
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::AddGlobalTestEnvironment(new Environment);
    return RUN_ALL_TESTS();
}
