// SPDX-License-Identifier: Apache-2.0
//
// The walk of bpf/unwind.h up the stacks of this program, against the compiler's own library.
#include <alloca.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "abi/trace_maps.h"
#include "tests/unit/unwind/fixtures.hpp"
#include "tests/unit/unwind/native_walk.hpp"

namespace leakcheck {
namespace {

// The frames of a stack, innermost first.
using Stack = std::vector<std::uint64_t>;

bool read_own_memory(void* to, std::uint32_t size, std::uint64_t address) {
    const iovec local{to, size};
    const iovec remote{reinterpret_cast<void*>(address), size};
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

// Tables of everything that is mapped executable in this process.
class OwnTables {
  public:
    OwnTables() {
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);) add(line);
        map_ = memory_.add_address_map(ranges_);
    }

    unwind_walk walk(std::uint64_t frame) const {
        return test::walk_from_frame(memory_, rules_, read_own_memory, map_, frame);
    }

  private:
    void add(const std::string& line) {
        std::uint64_t start = 0;
        std::uint64_t end = 0;
        std::uint64_t offset = 0;
        std::array<char, 5> access{};
        int path = 0;
        sscanf(line.c_str(), "%lx-%lx %4s %lx %*s %*s %n", &start, &end, access.data(), &offset,
               &path);
        if (access[2] != 'x') return;
        leakcheck_address_range range =
            table_range(line.substr(static_cast<unsigned>(path)), start, offset);
        range.start = start;
        range.end = end;
        ranges_.push_back(range);
    }

    leakcheck_address_range table_range(const std::string& path, std::uint64_t start,
                                        std::uint64_t offset) {
        if (path == "[vdso]")
            return memory_.add_table(unwind::read_code_table(test::vdso(), rules_), start);
        std::string error;
        const auto file = elf::ElfFile::open(path, error);
        const auto address = file ? file->address_of(offset) : std::nullopt;
        if (!address) return {};
        return memory_.add_table(unwind::read_code_table(*file, rules_, {path, {}}),
                                 start - *address);
    }

    test::NativeMemory memory_;
    unwind::RuleSet rules_;
    std::vector<leakcheck_address_range> ranges_;
    std::uint32_t map_ = 0;
};

struct Recorded {
    unwind_walk walk{};
    Stack expected;
    int signals = 0;  // frames that were struck by one
};
Recorded recorded;

const OwnTables& tables() {
    static const OwnTables own;
    return own;
}

// Notes what is returned to, or 1 behind where a signal has struck, as the walk does.
_Unwind_Reason_Code note_frame(_Unwind_Context* context, void*) {
    int is_exact = 0;
    const std::uint64_t address = _Unwind_GetIPInfo(context, &is_exact);
    if (address == 0) return _URC_END_OF_STACK;
    recorded.expected.push_back(address + (is_exact != 0 ? 1 : 0));
    recorded.signals += is_exact;
    return _URC_NO_REASON;
}

// Records the stack from the caller of this function on.
__attribute__((noinline)) void record() {
    recorded = {};
    _Unwind_Backtrace(note_frame, nullptr);
    recorded.expected.erase(recorded.expected.begin());  // in here
    recorded.walk = tables().walk(reinterpret_cast<std::uint64_t>(__builtin_frame_address(0)));
}

Stack walked() {
    return {recorded.walk.frames, recorded.walk.frames + recorded.walk.frame_count};
}

// Whether the stack is whole, and what the compiler's library finds.
void expect_same_stack(int signals = 0) {
    EXPECT_EQ(recorded.walk.status, std::uint32_t{LEAKCHECK_STACK_COMPLETE});
    EXPECT_EQ(walked(), recorded.expected);
    EXPECT_EQ(recorded.signals, signals);
}

class WalkTest : public testing::Test {
  protected:
    void SetUp() override { tables(); }
};

__attribute__((noinline)) void nested(int depth) {
    if (depth > 0) {
        nested(depth - 1);
    } else {
        record();
    }
    asm volatile("");
}

TEST_F(WalkTest, ThroughOrdinaryCalls) {
    record();
    expect_same_stack();
    EXPECT_GT(recorded.walk.frame_count, 5u);
}

TEST_F(WalkTest, ThroughRecursion) {
    nested(60);
    expect_same_stack();
    EXPECT_GT(recorded.walk.frame_count, 60u);
}

TEST_F(WalkTest, NoDeeperThanAskedFor) {
    nested(300);
    EXPECT_EQ(recorded.walk.status, std::uint32_t{LEAKCHECK_STACK_TRUNCATED});
    const Stack found = walked();
    ASSERT_EQ(found.size(), std::size_t{LEAKCHECK_MAX_FRAMES});
    EXPECT_TRUE(std::equal(found.begin(), found.end(), recorded.expected.begin()));
}

TEST_F(WalkTest, ThroughCallbacksOfTheCLibrary) {
    std::array<int, 3> numbers{3, 1, 2};
    qsort(numbers.data(), numbers.size(), sizeof(int), [](const void* a, const void* b) {
        record();
        return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    });
    expect_same_stack();
}

TEST_F(WalkTest, ThroughFunctionObjects) {
    const std::function<void(int)> inner = [](int) { record(); };
    const std::function<void()> outer = [&inner] { inner(1); };
    outer();
    expect_same_stack();
}

// Takes a pointer as if it were used.
void keep(const void* memory) {
    asm volatile("" : : "r"(memory) : "memory");
}

__attribute__((noinline)) void re_aligned(unsigned size) {
    alignas(128) char aligned[256] = {};
    keep(aligned);
    keep(alloca(size));
    record();
    keep(aligned);
}

TEST_F(WalkTest, ThroughReAlignedAndDynamicFrames) {
    re_aligned(100);
    expect_same_stack();
}

TEST_F(WalkTest, FromTheFirstFrameOfAThread) {
    std::thread(record).join();
    expect_same_stack();
}

ucontext_t main_context;
ucontext_t other_context;

// makecontext puts the address of a function of the C library on the new stack, to be returned to.
TEST_F(WalkTest, ToTheBeginningOfAContext) {
    std::vector<char> memory(1 << 20);
    ASSERT_EQ(getcontext(&other_context), 0);
    other_context.uc_stack.ss_sp = memory.data();
    other_context.uc_stack.ss_size = memory.size();
    other_context.uc_link = &main_context;
    makecontext(&other_context, [] { nested(3); }, 0);
    ASSERT_EQ(swapcontext(&main_context, &other_context), 0);
    EXPECT_EQ(recorded.walk.status, std::uint32_t{LEAKCHECK_STACK_COMPLETE});
    const Stack found = walked();
    ASSERT_GE(found.size(), 5u);
    EXPECT_TRUE(std::equal(found.begin(), found.end() - 1, recorded.expected.begin()));
    Dl_info last{};
    ASSERT_NE(dladdr(reinterpret_cast<void*>(found.back()), &last), 0);
    EXPECT_NE(std::string(last.dli_fname).find("libc.so"), std::string::npos);
}

TEST_F(WalkTest, ThroughADestructorDuringAnException) {
    struct Records {
        ~Records() { record(); }
    };
    try {
        const Records records;
        throw 1;
    } catch (int) {
    }
    expect_same_stack();
}

void on_signal(int) {
    record();
}

class SignalWalkTest : public WalkTest {
  protected:
    void handle_with(int flags) {
        struct sigaction action {};
        action.sa_handler = on_signal;
        action.sa_flags = flags;
        ASSERT_EQ(sigaction(SIGUSR1, &action, nullptr), 0);
    }
    void TearDown() override { signal(SIGUSR1, SIG_DFL); }
};

TEST_F(SignalWalkTest, ThroughASignalHandler) {
    handle_with(0);
    raise(SIGUSR1);
    expect_same_stack(1);
}

TEST_F(SignalWalkTest, FromAnAlternateStack) {
    std::vector<char> memory(1 << 20);
    const stack_t alternate{memory.data(), 0, memory.size()};
    stack_t before{};
    ASSERT_EQ(sigaltstack(&alternate, &before), 0);
    handle_with(SA_ONSTACK);
    raise(SIGUSR1);
    sigaltstack(&before, nullptr);
    expect_same_stack(1);
}

}  // namespace
}  // namespace leakcheck
