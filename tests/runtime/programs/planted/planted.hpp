// SPDX-License-Identifier: Apache-2.0
//
// What the tests of `planted` are written with: ways to allocate one block, each of which can free it or plant
// it as a leak, and a list of what was planted. Nothing here allocates but what says so, since it is the
// program's allocations that are counted. Callable from several threads, not from signal handlers.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace planted {

enum class Fate { freed, leaked };

// Allocates a block, some of them other blocks beside it, and settles what becomes of it.
using Kind = void (*)(Fate);

struct Place {
    const char* file = nullptr;
    int line = 0;
};
inline thread_local Place place;

// Around the expression that allocates the block: this line must be named.
#define HERE(expression) (::planted::place = {__FILE__, __LINE__}, expression)

// Makes the optimiser believe that somebody reads what is there.
inline void escape(const void* address) {
    asm volatile("" : : "g"(address) : "memory");
}

// Adds a block of so many bytes, allocated by the running test at `place`, to the list of what was planted.
void record(std::size_t bytes);

// What `owner` owns, one block of so many bytes, is freed by its destructor or leaked now.
template <class Owner>
void settle(Fate fate, Owner& owner, std::size_t bytes) {
    if (fate == Fate::freed) return;
    record(bytes);
    alignas(Owner) std::byte grave[sizeof(Owner)];
    escape(new (grave) Owner(std::move(owner)));
}

// A block of malloc, as a library that is not the project's own code would make it.
void* buffer(std::size_t bytes);
struct FreeBuffer {
    void operator()(void* block) const;
};
using Buffer = std::unique_ptr<void, FreeBuffer>;

// Plants one leak of this kind: after it has run so often without, and before more and other work.
void plant(Kind kind, int before);

// The same without a leak.
void run_clean(Kind kind);

// A test's share of the allocations that the program is to make, all of them freed again.
void work();

// An allocator that tells how large a container's nodes are: the same as with the default one.
inline std::size_t last_request = 0;
template <class T>
struct Measuring {
    using value_type = T;
    Measuring() = default;
    template <class Other>
    Measuring(const Measuring<Other>&) {}
    T* allocate(std::size_t count) {
        last_request = count * sizeof(T);
        return std::allocator<T>().allocate(count);
    }
    void deallocate(T* block, std::size_t count) { std::allocator<T>().deallocate(block, count); }
    bool operator==(const Measuring&) const = default;
};

}  // namespace planted
