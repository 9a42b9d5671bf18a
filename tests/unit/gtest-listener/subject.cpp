// SPDX-License-Identifier: Apache-2.0
//
// One of each kind of test that GoogleTest has; what matters is which events they cause.
#include <gtest/gtest.h>

#include <cstdlib>

namespace {

class Services : public testing::Environment {};
const testing::Environment* const services = testing::AddGlobalTestEnvironment(new Services);

TEST(Plain, First) {}
TEST(Plain, Second) {}
TEST(Plain, DISABLED_Third) {}

class Fixture : public testing::Test {
  protected:
    static void SetUpTestSuite() {}
    static void TearDownTestSuite() {}
};
TEST_F(Fixture, Skipped) {
    GTEST_SKIP();
}
TEST_F(Fixture, Throws) {
    EXPECT_THROW(throw 1, int);
}

class Numbers : public testing::TestWithParam<int> {};
TEST_P(Numbers, Small) {
    EXPECT_LT(GetParam(), 10);
}
INSTANTIATE_TEST_SUITE_P(Few, Numbers, testing::Values(1, 2));

template <class T>
class Typed : public testing::Test {};
using Types = testing::Types<char, int>;
TYPED_TEST_SUITE(Typed, Types);
TYPED_TEST(Typed, HasSize) {
    EXPECT_GT(sizeof(TypeParam), 0u);
}

TEST(DyingDeathTest, Exits) {
    EXPECT_EXIT(std::exit(3), testing::ExitedWithCode(3), "");
}

}  // namespace
