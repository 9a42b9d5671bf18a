// SPDX-License-Identifier: Apache-2.0
//
// 50 tests that leak a block each, in ten ways that compilers treat differently: WayN.Leaks for N from 0 to 4. With LEAK_MORE
// in the environment, Direct3.Leaks leaks once more, elsewhere; with LEAK_LESS, Template2.Leaks leaks nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

namespace known {

template <int Size>
struct Node {
    char bytes[static_cast<std::size_t>(Size)];
};

void forget(void* block) {
    static void* volatile sink;
    sink = block;
    sink = nullptr;
}

// A call in the last place would be a jump, which leaves no frame.
[[gnu::noinline]] void* by_function(std::size_t size) {
    void* const block = std::malloc(size);
    asm volatile("" : : "g"(&block) : "memory");
    return block;
}

inline void* by_inline_function(std::size_t size) {
    return std::malloc(size);
}

template <typename T>
T* by_template() {
    return new T;
}

class Maker {
  public:
    explicit Maker(std::size_t size) : size_(size) {}
    [[gnu::noinline]] void* make() const {
        void* const block = ::operator new(size_);
        asm volatile("" : : "g"(&block) : "memory");
        return block;
    }

  private:
    std::size_t size_;
};

[[gnu::noinline]] void leak_more() {
    forget(std::malloc(777));
}

bool is_asked_for(const char* name) {
    return std::getenv(name) != nullptr;
}

}  // namespace known

#define LEAKING_TEST(WAY, N, STATEMENT) \
    TEST(WAY##N, Leaks) {               \
        constexpr int number = N;       \
        STATEMENT                       \
    }

#define FIVE_TESTS(WAY, STATEMENT)  \
    LEAKING_TEST(WAY, 0, STATEMENT) \
    LEAKING_TEST(WAY, 1, STATEMENT) \
    LEAKING_TEST(WAY, 2, STATEMENT) \
    LEAKING_TEST(WAY, 3, STATEMENT) \
    LEAKING_TEST(WAY, 4, STATEMENT)

namespace {

using namespace known;

FIVE_TESTS(Direct, forget(new Node<16 + number>);
           if (number == 3 && is_asked_for("LEAK_MORE")) leak_more();)
FIVE_TESTS(Function, forget(by_function(32 + number));)
FIVE_TESTS(Inline, forget(by_inline_function(48 + number));)
FIVE_TESTS(Template, if (number == 2 && is_asked_for("LEAK_LESS")) return;
           forget(by_template<Node<64 + number>>());)
FIVE_TESTS(
    Lambda, const auto make = [](std::size_t size) { return std::malloc(size); };
    forget(make(80 + number));)
FIVE_TESTS(Unique, forget(std::make_unique<Node<96 + number>>().release());)
FIVE_TESTS(Container, forget(std::allocator<int>().allocate(25 + number));)
FIVE_TESTS(Member, forget(Maker(128 + number).make());)
FIVE_TESTS(Duplicate, forget(strdup(std::string(140 + number, 'x').c_str()));)
FIVE_TESTS(
    Callback, const std::function<void*()> make = [] { return std::malloc(160 + number); };
    forget(make());)

}  // namespace
