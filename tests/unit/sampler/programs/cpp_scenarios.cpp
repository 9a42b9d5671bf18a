// SPDX-License-Identifier: Apache-2.0
//
// Every form of operator new and delete, called as functions, so that each call is made; and
// exceptions that pass through them.
#include <setjmp.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "tests/unit/sampler/programs/marks.h"

namespace {

constexpr std::align_val_t aligned{128};
constexpr std::size_t too_much = std::size_t{1} << 62;

void check(bool condition, const char* what) {
    if (condition) return;
    fprintf(stderr, "check failed: %s\n", what);
    std::abort();
}

void basic() {
    operator delete(operator new(1));
    operator delete[](operator new[](2));
    operator delete (operator new(3), std::size_t{3});
    operator delete[](operator new[](4), std::size_t{4});
    operator delete(operator new(5, std::nothrow), std::nothrow);
    operator delete[](operator new[](6, std::nothrow), std::nothrow);
    operator delete(operator new(7, aligned), aligned);
    operator delete[](operator new[](8, aligned), aligned);
    operator delete (operator new(9, aligned), std::size_t{9}, aligned);
    operator delete[](operator new[](10, aligned), std::size_t{10}, aligned);
    operator delete(operator new(11, aligned, std::nothrow), aligned, std::nothrow);
    operator delete[](operator new[](12, aligned, std::nothrow), aligned, std::nothrow);
}

void through_library() {
    const std::string text(1000, 'x');
    mark("string");
    const auto shared = std::make_shared<long>(1);
    mark("shared");
}

// Makes calls from deeper in the stack than any frame of the sampler before.
[[gnu::noinline]] void allocate_deep() {
    volatile char room[4096];
    room[0] = 0;
    free(malloc(21));
    operator delete(operator new(22));
    room[1] = room[0];
}

template <typename New>
void expect_bad_alloc(New call) {
    bool thrown = false;
    try {
        call();
    } catch (const std::bad_alloc&) {
        thrown = true;
    }
    check(thrown, "bad_alloc");
    mark("thrown");
    allocate_deep();
}

void huge() {
    expect_bad_alloc([] { return operator new(too_much); });
    expect_bad_alloc([] { return operator new[](too_much); });
    expect_bad_alloc([] { return operator new(too_much, aligned); });
    expect_bad_alloc([] { return operator new[](too_much, aligned); });
    check(operator new(too_much, std::nothrow) == nullptr, "nothrow");
    check(operator new[](too_much, aligned, std::nothrow) == nullptr, "nothrow aligned");
    allocate_deep();
}

struct OutOfMemory {};

void throwing_handler() {
    std::set_new_handler([] { throw OutOfMemory(); });
    bool thrown = false;
    try {
        static_cast<void>(operator new(too_much));
    } catch (const OutOfMemory&) {
        thrown = true;
    }
    check(thrown, "the handler's exception");
    mark("thrown");
    allocate_deep();
}

jmp_buf way_out;

// longjmp passes no personality routine, so the guard stays behind until a call from this height.
void jumping_handler() {
    std::set_new_handler([] { longjmp(way_out, 1); });
    if (setjmp(way_out) == 0) static_cast<void>(operator new(too_much));
    mark("jumped");
    free(malloc(31));
    allocate_deep();
}

struct Throws {
    Throws() { throw OutOfMemory(); }
    char room[40];
};

void throwing_constructor() {
    try {
        delete new Throws;
    } catch (const OutOfMemory&) {
        mark("thrown");
    }
    free(malloc(41));
}

constexpr scenario scenarios[] = {
    {"basic", basic},
    {"through_library", through_library},
    {"huge", huge},
    {"throwing_handler", throwing_handler},
    {"jumping_handler", jumping_handler},
    {"throwing_constructor", throwing_constructor},
};

}  // namespace

int main(int argc, char** argv) {
    return run_scenario(scenarios, std::size(scenarios), argc, argv);
}
