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

// Adds a Listener, which GoogleTest then owns, if leakcheck watches this process. Call it once,
// before RUN_ALL_TESTS.
inline void append_listener() {
    if (!active()) return;
    testing::UnitTest::GetInstance()->listeners().Append(new Listener);
}

}  // namespace leakcheck
