// SPDX-License-Identifier: Apache-2.0
//
// A program that allocates from wherever code can stand: each file here adds scenarios of one theme, and
// main runs them in random order. What they allocate is freed or leaked; it does not matter.
// Thread safety: scenarios are registered before main; each run is given its own source of chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace torture {

// Marsaglia's xorshift64*: the same sequence everywhere for the same seed.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
    std::uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545f4914f6cdd1dull;
    }
    // From 0 to limit - 1.
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() >> 33) % limit; }

  private:
    std::uint64_t state_;
};

using ScenarioFn = void (*)(Random&);

// Puts a scenario on the list. `weight`: how often it runs, compared with others; less for what is slow.
class Scenario {
  public:
    Scenario(const char* scenario_name, int scenario_weight, ScenarioFn scenario_run)
        : name(scenario_name), weight(scenario_weight), run(scenario_run), next(first) {
        first = this;
    }

    const char* name;
    int weight;
    ScenarioFn run;
    Scenario* next;  // of the list

    inline static Scenario* first = nullptr;
};

// Memory that the compiler must have at hand, here: what was done before is done, and no call that stands
// before this is a tail call.
template <typename T>
inline void keep(T* memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

// Allocates and frees, from the caller.
[[gnu::always_inline]] inline void allocate(std::size_t size) {
    void* block = std::malloc(size);
    keep(block);
    std::free(block);
}

}  // namespace torture
