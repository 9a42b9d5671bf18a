// SPDX-License-Identifier: Apache-2.0
//
// A GoogleTest program in which every way to own an allocation occurs. Built twice: unmodified, and with
// the listener. Each leak has a size of its own, so that a test can tell where it landed:
//
//   bytes  where it is made                               owner
//    1001  static initialisation                          outside tests
//    1002  main                                           outside tests
//    1003  a global environment's SetUp                   environment (set-up)
//    1004  Fixture::SetUpTestSuite                        Fixture (set-up)
//    1005  Fixture::SetUp, in each of its 2 tests         Fixture.First, Fixture.Second
//    1006  Fixture::TearDown, in each of its 2 tests      Fixture.First, Fixture.Second
//    1007  Fixture::TearDownTestSuite                     Fixture (tear-down)
//    1008  body                                           Plain.Leaks
//    1009  a thread joined in the test                    Plain.LeaksInThread
//    1010  body, for each of 3 parameters                 Values/Parameterised.Leaks/0 to /2
//    1011  body, for each of 2 types                      Typed/0.Leaks, Typed/1.Leaks
//    1012  a forked child that exits with 0               Plain.LeaksInForkedChild
//    1013  a program that the test executes               Plain.LeaksInExecutedChild
//    1014  a death test's child, then abort               Death.Fast, Death.Threadsafe
//    1015  a library, dlopened and closed again           Plain.LeaksInClosedLibrary
//    1016  a global environment's TearDown                environment (tear-down)
//
// Plain.FreesInherited forks a child that frees a block of its parent's, which the parent then frees too.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

namespace {

void leak(std::size_t bytes) {
    void* volatile block = std::malloc(bytes);
    block = nullptr;
}

const bool leaked_at_start = (leak(1001), true);

class Environment : public testing::Environment {
  public:
    void SetUp() override { leak(1003); }
    void TearDown() override { leak(1016); }
};

class Fixture : public testing::Test {
  protected:
    static void SetUpTestSuite() { leak(1004); }
    static void TearDownTestSuite() { leak(1007); }
    void SetUp() override { leak(1005); }
    void TearDown() override { leak(1006); }
};

TEST_F(Fixture, First) {}
TEST_F(Fixture, Second) {}

TEST(Plain, Leaks) {
    leak(1008);
}
TEST(Plain, Clean) {
    std::string text(5000, 'x');
}
TEST(Plain, LeaksInThread) {
    std::thread([] { leak(1009); }).join();
}

void wait_for(pid_t child) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Plain, LeaksInForkedChild) {
    const pid_t child = fork();
    if (child == 0) {
        leak(1012);
        _exit(0);
    }
    wait_for(child);
}

TEST(Plain, LeaksInExecutedChild) {
    const pid_t child = fork();
    if (child == 0) {
        execl(LEAK_ONE_BLOCK, LEAK_ONE_BLOCK, "1013", nullptr);
        _exit(127);
    }
    wait_for(child);
}

TEST(Plain, FreesInherited) {
    void* block = std::malloc(1017);
    const pid_t child = fork();
    if (child == 0) {
        std::free(block);
        _exit(0);
    }
    wait_for(child);
    std::free(block);
}

TEST(Plain, LeaksInClosedLibrary) {
    void* library = dlopen(LEAKING_LIBRARY, RTLD_NOW);
    ASSERT_NE(library, nullptr) << dlerror();
    reinterpret_cast<void (*)(std::size_t)>(dlsym(library, "library_leak"))(1015);
    dlclose(library);
}

class Parameterised : public testing::TestWithParam<int> {};
TEST_P(Parameterised, Leaks) {
    leak(1010);
}
INSTANTIATE_TEST_SUITE_P(Values, Parameterised, testing::Values(1, 2, 3));

template <typename T>
class Typed : public testing::Test {};
using Types = testing::Types<int, double>;
TYPED_TEST_SUITE(Typed, Types);
TYPED_TEST(Typed, Leaks) {
    leak(1011);
}

void leak_and_abort() {
    leak(1014);
    std::abort();
}

TEST(Death, Fast) {
    GTEST_FLAG_SET(death_test_style, "fast");
    EXPECT_DEATH(leak_and_abort(), "");
}

TEST(Death, Threadsafe) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(leak_and_abort(), "");
}

}  // namespace

#ifdef WITH_LISTENER
#include <leakcheck/gtest.hpp>
#endif

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::AddGlobalTestEnvironment(new Environment);
#ifdef WITH_LISTENER
    leakcheck::append_listener();
#endif
    leak(1002);
    return RUN_ALL_TESTS();
}
