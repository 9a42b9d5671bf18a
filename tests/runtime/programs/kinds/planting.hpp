// SPDX-License-Identifier: Apache-2.0
//
// What the programs share whose blocks are compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "tests/runtime/programs/kinds/cases.hpp"

namespace kinds {

// A block as a row of words.
using Words = void**;

// Keeps what it is given from being optimised away.
template <typename Value>
void use(Value&& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

// Each size has a function of its own, so that no tool puts two blocks into one entry. The contents are zeros: memory
// that has been used before may hold pointers.
template <std::size_t Size>
[[gnu::noinline]] Words make() {
    void* const block = std::malloc(Size);
    std::memset(block, 0, Size);
    use(block);
    return static_cast<Words>(block);
}

// An object in such a block, which nobody holds.
template <typename Object, std::size_t Size>
Object& leaked() {
    return *new (make<Size>()) Object;
}

// For containers, to choose the size of what they allocate.
template <std::size_t Size>
struct Padding {
    static_assert(Size % 8 == 0);
    std::uint64_t words[Size / 8] = {};
};

// A pointer that nobody takes for one.
class Hidden {
  public:
    Hidden() = default;
    explicit Hidden(const void* pointer) : bits_(~reinterpret_cast<std::uintptr_t>(pointer)) {}
    void* get() const { return reinterpret_cast<void*>(~bits_); }

  private:
    std::uintptr_t bits_ = 0;
};

// An object of static storage that is never destroyed.
template <typename Object>
class Immortal {
  public:
    constexpr Immortal() : nothing_(0) {}
    ~Immortal() {}
    Object& make() { return *new (&object_) Object; }

  private:
    union {
        char nothing_;
        Object object_;
    };
};

// Calls the function, so that nothing of its frame is left behind.
void run_and_forget(void (*function)());

void plant_shapes();
void plant_interior_pointers();
void plant_allocations();
void plant_classes();
void plant_containers();
void plant_owners();
// `arguments`: of main; the first and the second are libraries to load.
void plant_places(char** arguments);
void plant_threads();

}  // namespace kinds
