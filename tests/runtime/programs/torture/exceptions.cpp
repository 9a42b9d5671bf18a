// SPDX-License-Identifier: Apache-2.0
//
// Exceptions in flight: what throwing allocates itself, what destructors do on the way, and handlers.
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "torture.hpp"

namespace torture::exceptions {
namespace {

struct AllocatesWhenDestroyed {
    explicit AllocatesWhenDestroyed(std::size_t bytes) : size(bytes) {}
    ~AllocatesWhenDestroyed() { allocate(size); }
    AllocatesWhenDestroyed(const AllocatesWhenDestroyed&) = delete;
    AllocatesWhenDestroyed& operator=(const AllocatesWhenDestroyed&) = delete;
    std::size_t size;
};

// The call that throws is the last instruction of its function: the return address lies behind it.
[[noreturn, gnu::noinline]] void fail(std::size_t n) {
    throw std::runtime_error("something went wrong for the time number " + std::to_string(n));
}

[[gnu::noinline]] void throw_below(std::size_t depth) {
    const AllocatesWhenDestroyed guard(40 + depth);
    if (depth == 0) fail(depth);
    throw_below(depth - 1);
    keep(&guard);
}

void in_flight(Random& random) {
    try {
        throw_below(random.below(12));
    } catch (const std::runtime_error& error) {
        const std::string text = error.what();
        keep(&text);
    }
}

[[gnu::noinline]] void rethrow(std::size_t depth) {
    try {
        if (depth == 0) fail(1);
        rethrow(depth - 1);
    } catch (const std::exception&) {
        const std::string text(50 + depth, 'r');
        keep(&text);
        throw;
    }
}

void rethrown(Random& random) {
    try {
        rethrow(random.below(8));
    } catch (...) {
        allocate(64);
    }
}

[[gnu::noinline]] void nest(std::size_t depth) {
    try {
        if (depth == 0) fail(2);
        nest(depth - 1);
    } catch (...) {
        std::throw_with_nested(std::logic_error("a level up, which is " + std::to_string(depth)));
    }
}

void nested(Random& random) {
    std::exception_ptr kept;
    try {
        nest(random.below(6));
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        std::rethrow_exception(kept);
    } catch (const std::exception& error) {
        allocate(32);
    }
}

struct ThrowsWhenMade {
    ThrowsWhenMade() : name("a member that is destroyed when the constructor throws"), guard(72) {
        fail(3);
    }
    std::string name;
    AllocatesWhenDestroyed guard;
};

void from_constructors(Random& random) {
    for (std::size_t i = random.below(3); i > 0; --i) {
        try {
            const auto* made = new ThrowsWhenMade;
            delete made;
        } catch (const std::runtime_error&) {
            allocate(8);
        }
    }
}

// Thrown inside of a destructor that runs because of another exception, and caught there.
struct CatchesWhenDestroyed {
    ~CatchesWhenDestroyed() {
        try {
            throw_below(2);
        } catch (const std::exception& error) {
            const std::string text = error.what();
            keep(&text);
        }
    }
};

void while_unwinding(Random& random) {
    try {
        const CatchesWhenDestroyed guard;
        throw_below(random.below(4));
        keep(&guard);
    } catch (const std::runtime_error&) {
        allocate(16);
    }
}

void out_of_memory(Random&) {
    try {
        const volatile std::size_t far_too_much = SIZE_MAX / 4;
        ::operator delete(::operator new(far_too_much));
    } catch (const std::bad_alloc&) {
        allocate(128);
    }
}

const Scenario scenarios[]{
    {"in_flight", 8, in_flight},
    {"rethrown", 5, rethrown},
    {"nested_exceptions", 5, nested},
    {"from_constructors", 5, from_constructors},
    {"while_unwinding", 5, while_unwinding},
    {"out_of_memory", 2, out_of_memory},
};

}  // namespace
}  // namespace torture::exceptions
