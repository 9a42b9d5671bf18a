// SPDX-License-Identifier: Apache-2.0
#include "runner/explain/leak_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Leak leak(const std::string& fingerprint, const std::string& owner, const std::string& function,
          const std::string& file, std::uint32_t line) {
    Leak leak;
    leak.fingerprint = fingerprint;
    leak.owner = owner;
    leak.site = {function, file, line};
    return leak;
}

const std::vector<Leak> leaks{
    leak("aaaa111122223333", "Queue.Push", "make_node(Item const&)", "src/queue.cpp", 42),
    leak("aaaa999922223333", "Queue.Pop", "make_node(Item const&)", "src/queue.cpp", 52),
    leak("3123456789abcdef", "Queue.Pop", "start()", "src/start.cpp", 7)};

TEST(LeakChoice, ByNumberAsTheListHasIt) {
    EXPECT_THAT(leaks_meant(leaks, "1"), ElementsAre(0));
    EXPECT_THAT(leaks_meant(leaks, "3"), ElementsAre(2));
    EXPECT_THAT(leaks_meant(leaks, "0"), IsEmpty());
    EXPECT_THAT(leaks_meant(leaks, "4"), IsEmpty());
    EXPECT_THAT(leaks_meant(leaks, "99999999999999999999999"), IsEmpty());
}

TEST(LeakChoice, ByFingerprintOrItsBeginning) {
    EXPECT_THAT(leaks_meant(leaks, "aaaa999922223333"), ElementsAre(1));
    EXPECT_THAT(leaks_meant(leaks, "aaaa9"), ElementsAre(1));
    EXPECT_THAT(leaks_meant(leaks, "aaaa"), ElementsAre(0, 1));
    EXPECT_THAT(leaks_meant(leaks, "31234"), ElementsAre(2))
        << "too large for a number in the list";
    EXPECT_THAT(leaks_meant(leaks, "aaa"), IsEmpty()) << "too short to be meant so";
}

TEST(LeakChoice, ByTestOrSite) {
    EXPECT_THAT(leaks_meant(leaks, "Queue.Push"), ElementsAre(0));
    EXPECT_THAT(leaks_meant(leaks, "Queue.Pop"), ElementsAre(1, 2));
    EXPECT_THAT(leaks_meant(leaks, "make_node"), ElementsAre(0, 1));
    EXPECT_THAT(leaks_meant(leaks, "start()"), ElementsAre(2));
    EXPECT_THAT(leaks_meant(leaks, "src/queue.cpp:52"), ElementsAre(1));
    EXPECT_THAT(leaks_meant(leaks, "queue.cpp:42"), ElementsAre(0));
    EXPECT_THAT(leaks_meant(leaks, "ueue.cpp:42"), IsEmpty());
    EXPECT_THAT(leaks_meant(leaks, ""), IsEmpty());
}

}  // namespace
}  // namespace leakcheck
