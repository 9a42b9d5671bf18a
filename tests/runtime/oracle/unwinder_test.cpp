// SPDX-License-Identifier: Apache-2.0
//
// libdw on captured memory, against the unwinder of libgcc, which backtrace() is made of: without leakcheck,
// without BPF.
#include <alloca.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <optional>
#include <thread>

#include "runner/trace/process_maps.hpp"
#include "tests/runtime/oracle/libdw_unwinder.hpp"
#include "tests/runtime/oracle/own_stack.hpp"

namespace leakcheck::oracle {
namespace {

constexpr std::size_t kAllFrames = 500;
constexpr std::size_t kStackSize = 256 * 1024;  // bytes

std::vector<Mapping> own_mappings() {
    std::vector<Mapping> mappings;
    for (const ProcessMap& map : read_process_maps(::getpid()))
        mappings.push_back({ProcessId{1}, map.start, map.end, map.file_offset, 0, map.path});
    return mappings;
}

UnwoundStack unwind(const OwnStack& stack, std::size_t most = kAllFrames) {
    ModuleFiles files;
    LibdwUnwinder unwinder;
    unwinder.set_modules(files.place_all(own_mappings()));
    return unwinder.unwind(stack.event, most);
}

std::string describe(std::uint64_t address) {
    ModuleFiles files;
    LibdwUnwinder unwinder;
    unwinder.set_modules(files.place_all(own_mappings()));
    return unwinder.describe(address);
}

// Both begin in take_own_stack, at different instructions of it.
void expect_same(const OwnStack& stack) {
    const UnwoundStack actual = unwind(stack);
    EXPECT_TRUE(actual.ended) << actual.stopped_by;
    EXPECT_EQ(actual.certain, actual.frames.size());
    ASSERT_EQ(actual.frames.size(), stack.backtrace.size());
    for (std::size_t i = 1; i < actual.frames.size(); ++i) {
        EXPECT_EQ(actual.frames[i], stack.backtrace[i])
            << i << ": " << describe(actual.frames[i]) << ", not " << describe(stack.backtrace[i]);
    }
}

// Memory that the compiler must have at hand, here: so that a frame is as large as it says, and a call
// before it no tail call.
void keep(const volatile void* memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

[[gnu::noinline]] OwnStack recurse(int depth) {
    if (depth == 0) return take_own_stack();
    OwnStack stack = recurse(depth - 1);
    keep(&depth);
    return stack;
}

TEST(LibdwUnwinder, FollowsRecursion) {
    expect_same(recurse(0));
    expect_same(recurse(40));
}

[[gnu::noinline]] OwnStack with_alloca(std::size_t size) {
    const void* memory = alloca(size);
    keep(memory);
    OwnStack stack = take_own_stack();
    keep(memory);
    return stack;
}

TEST(LibdwUnwinder, FollowsFramesOfVaryingSize) {
    expect_same(with_alloca(100));
    expect_same(with_alloca(20'000));
}

[[gnu::noinline]] OwnStack with_realigned_frame() {
    alignas(64) char block[64];
    keep(block);
    OwnStack stack = take_own_stack();
    keep(block);
    return stack;
}

TEST(LibdwUnwinder, FollowsRealignedFrames) {
    expect_same(with_realigned_frame());
}

thread_local std::optional<OwnStack> taken;

int compare_and_take(const void* a, const void* b) {
    if (!taken) taken = take_own_stack();
    return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

TEST(LibdwUnwinder, FollowsCallbacksOfTheCLibrary) {
    taken.reset();
    std::array<int, 5> numbers{4, 2, 5, 1, 3};
    std::qsort(numbers.data(), numbers.size(), sizeof(int), compare_and_take);
    ASSERT_TRUE(taken);
    expect_same(*taken);
}

TEST(LibdwUnwinder, FollowsThreads) {
    OwnStack stack;
    std::thread([&] { stack = take_own_stack(); }).join();
    expect_same(stack);
}

void handle(int, siginfo_t*, void* context) {
    const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    taken = take_own_stack(static_cast<std::uint64_t>(registers[REG_RSP]));
}

OwnStack raise_with(int flags) {
    struct sigaction action {};
    struct sigaction before {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | flags;
    taken.reset();
    ::sigaction(SIGUSR1, &action, &before);
    ::raise(SIGUSR1);
    ::sigaction(SIGUSR1, &before, nullptr);
    return *taken;
}

TEST(LibdwUnwinder, FollowsSignalHandlers) {
    const OwnStack stack = raise_with(0);
    expect_same(stack);
}

TEST(LibdwUnwinder, FollowsSignalHandlersFromOneStackToAnother) {
    std::vector<char> memory(kStackSize);
    stack_t alternate{};
    stack_t before{};
    alternate.ss_sp = memory.data();
    alternate.ss_size = memory.size();
    ASSERT_EQ(::sigaltstack(&alternate, &before), 0);
    const OwnStack stack = raise_with(SA_ONSTACK);
    ::sigaltstack(&before, nullptr);
    expect_same(stack);
}

ucontext_t outside;
ucontext_t inside;

void on_its_own_stack() {
    taken = take_own_stack();
    ::swapcontext(&inside, &outside);
}

TEST(LibdwUnwinder, KnowsTheEndOfContexts) {
    std::vector<char> memory(kStackSize);
    taken.reset();
    ::getcontext(&inside);
    inside.uc_stack.ss_sp = memory.data();
    inside.uc_stack.ss_size = memory.size();
    ::makecontext(&inside, on_its_own_stack, 0);
    ::swapcontext(&outside, &inside);
    ASSERT_TRUE(taken);
    const UnwoundStack actual = unwind(*taken);
    EXPECT_TRUE(actual.ended) << actual.stopped_by;
    EXPECT_EQ(actual.frames.size(), 3u);  // the taker, the function, what it would return to
    EXPECT_EQ(actual.certain, 3u);
}

TEST(LibdwUnwinder, StopsAtTheNumberAskedFor) {
    const UnwoundStack stack = unwind(recurse(40), 7);
    EXPECT_EQ(stack.frames.size(), 7u);
    EXPECT_FALSE(stack.ended);
    EXPECT_TRUE(stack.stopped_by.empty()) << stack.stopped_by;
}

TEST(LibdwUnwinder, SaysSoWhereMemoryIsMissing) {
    OwnStack stack = recurse(200);
    stack.event.pages.resize(2);
    const UnwoundStack actual = unwind(stack);
    EXPECT_FALSE(actual.ended);
    EXPECT_FALSE(actual.stopped_by.empty());
    EXPECT_LT(actual.certain, stack.backtrace.size());
}

TEST(LibdwUnwinder, IsCertainOfNothingWhereNoInformationIs) {
    const OwnStack stack = take_own_stack();
    LibdwUnwinder unwinder;
    unwinder.set_modules({});
    const UnwoundStack actual = unwinder.unwind(stack.event, kAllFrames);
    EXPECT_FALSE(actual.ended);
    EXPECT_LE(actual.certain, 1u);
}

TEST(LibdwUnwinder, TakesModulesThatComeAndGo) {
    ModuleFiles files;
    LibdwUnwinder unwinder;
    const std::vector<Module> all = files.place_all(own_mappings());
    const OwnStack stack = take_own_stack();
    for (int i = 0; i < 3; ++i) {
        unwinder.set_modules(all);
        EXPECT_TRUE(unwinder.unwind(stack.event, kAllFrames).ended);
        unwinder.set_modules({});
        EXPECT_FALSE(unwinder.unwind(stack.event, kAllFrames).ended);
    }
}

TEST(LibdwUnwinder, NamesFunctions) {
    const std::string text = describe(reinterpret_cast<std::uint64_t>(&take_own_stack) + 5);
    EXPECT_NE(text.find("take_own_stack"), std::string::npos) << text;
}

}  // namespace
}  // namespace leakcheck::oracle
