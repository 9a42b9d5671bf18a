// SPDX-License-Identifier: Apache-2.0
//
// What the programs share that the tests look at: they make blocks, say of some which kind is expected, print all
// that are live, and wait. All blocks of the program are listed, those that the C library makes too.
#pragma once

#include <cstddef>
#include <cstdint>

namespace subject {

// A pointer that nobody takes for one.
class Hidden {
  public:
    Hidden() = default;
    explicit Hidden(const void* pointer) : bits_(~reinterpret_cast<std::uintptr_t>(pointer)) {}
    void* get() const { return reinterpret_cast<void*>(~bits_); }

  private:
    std::uintptr_t bits_ = 0;
};

// "definite", "indirect", ...: what the block is expected to be. The name is the case's.
void expect(const char* kind, const char* name, const void* block);
// malloc and expect in one; the contents are zeros.
void* plant(const char* kind, const char* name, std::size_t size);

// Calls the function, so that nothing of its frame and registers is left behind.
void run_and_forget(void (*function)());
// Prints everything, and waits until it may end (its standard input is closed).
void report_and_wait();

}  // namespace subject
