// SPDX-License-Identifier: Apache-2.0
//
// Tells leakcheck which test is running. leakcheck finds that out by itself where it can see
// GoogleTest's symbols; the listener is for programs in which it cannot (stripped, built with
// -fvisibility=hidden and LTO). Works with GoogleTest 1.8 and later; C++14.
//
//     int main(int argc, char** argv) {
//         testing::InitGoogleTest(&argc, argv);
//         leakcheck::append_listener();
//         return RUN_ALL_TESTS();
//     }
//
// Threads: as GoogleTest's own listeners, called on the thread that runs the tests. Errors: none.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "leakcheck/leakcheck.hpp"

namespace leakcheck {

// Announces the owner of what is allocated from here on, at each event that changes it.
class Listener : public testing::EmptyTestEventListener {
  public:
    void OnEnvironmentsSetUpStart(const testing::UnitTest&) override {
        announce(LEAKCHECK_OWNER_ENVIRONMENT_SET_UP);
    }
    void OnEnvironmentsSetUpEnd(const testing::UnitTest&) override {
        announce(LEAKCHECK_OWNER_OUTSIDE);
    }
    void OnEnvironmentsTearDownStart(const testing::UnitTest&) override {
        announce(LEAKCHECK_OWNER_ENVIRONMENT_TEAR_DOWN);
    }
    void OnEnvironmentsTearDownEnd(const testing::UnitTest&) override {
        announce(LEAKCHECK_OWNER_OUTSIDE);
    }

// GoogleTest 1.10 renamed "test case" to "test suite"; the macro came with the new names.
#ifdef INSTANTIATE_TEST_SUITE_P
    void OnTestSuiteStart(const testing::TestSuite& suite) override {
        announce(LEAKCHECK_OWNER_SUITE_SET_UP, suite.name());
    }
    void OnTestSuiteEnd(const testing::TestSuite&) override {
        announce(LEAKCHECK_OWNER_OUTSIDE);
    }
#else
    void OnTestCaseStart(const testing::TestCase& suite) override {
        announce(LEAKCHECK_OWNER_SUITE_SET_UP, suite.name());
    }
    void OnTestCaseEnd(const testing::TestCase&) override {
        announce(LEAKCHECK_OWNER_OUTSIDE);
    }
#endif

    void OnTestStart(const testing::TestInfo& test) override {
        announce(LEAKCHECK_OWNER_TEST, suite_name(test), test.name());
    }
    void OnTestEnd(const testing::TestInfo& test) override {
        announce(LEAKCHECK_OWNER_SUITE_TEAR_DOWN, suite_name(test));
    }

  private:
    static void announce(leakcheck_owner_kind kind, const char* suite = nullptr,
                         const char* test = nullptr) {
        detail::set_owner(kind, suite, test);
    }

    static const char* suite_name(const testing::TestInfo& test) {
#ifdef INSTANTIATE_TEST_SUITE_P
        return test.test_suite_name();
#else
        return test.test_case_name();
#endif
    }
};

namespace detail {

// The value of --gtest_filter; the macro changed its meaning when GoogleTest took up Abseil's
// flags.
inline std::string gtest_filter() {
#ifdef GTEST_FLAG_GET
    return GTEST_FLAG_GET(filter);
#else
    return testing::GTEST_FLAG(filter);
#endif
}

// The child of a "threadsafe" death test is a program started anew whose filter names one test, and
// in which GoogleTest calls no listener: all of it belongs to that test.
inline void announce_death_test() {
#if GTEST_HAS_DEATH_TEST
    if (!testing::internal::InDeathTestChild()) return;
    const std::string name = gtest_filter();
    const std::string::size_type dot = name.find('.');
    if (dot == std::string::npos) return;
    set_owner(LEAKCHECK_OWNER_TEST, name.substr(0, dot).c_str(), name.substr(dot + 1).c_str());
#endif
}

}  // namespace detail

// Adds a Listener, which GoogleTest then owns, if leakcheck watches this process. Call it after
// testing::InitGoogleTest, once.
inline void append_listener() {
    if (!active()) return;
    testing::UnitTest::GetInstance()->listeners().Append(new Listener);
    detail::announce_death_test();
}

}  // namespace leakcheck
